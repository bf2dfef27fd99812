package io.serai;

import io.serai.parse.BoundedJq;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** Camel with the routes of one folder: Kamelets, core stages, providers, notifiers. */
public final class RouteEngine implements AutoCloseable {
    private final Main main = new Main();

    /**
     * @param routes     the routes folder
     * @param properties {@code camel.*} settings and what routes refer to as placeholders
     * @param beans      what routes refer to as beans, by name
     * @param binding    binds more, once there is a context and before routes are loaded
     */
    public RouteEngine(
            Path routes, Map<String, String> properties, Map<String, Object> beans, Consumer<CamelContext> binding) {
        String folder = routes.toAbsolutePath().normalize().toString();
        // Nothing is taken from a stray application.properties or an environment variable on the way (section 2.3, 8).
        main.setDefaultPropertyPlaceholderLocation("false");
        main.configure().withAutoConfigurationEnvironmentVariablesEnabled(false);
        main.configure().withAutoConfigurationSystemPropertiesEnabled(false);
        main.configure().withAutoConfigurationLogSummary(false);
        main.configure()
                .withRoutesIncludePattern("file:" + folder + "/core/*.camel.yaml,"
                        + "file:" + folder + "/providers/**/*.camel.yaml,"
                        + "file:" + folder + "/notifiers/**/*.camel.yaml");
        // Camel's own would be a hook of the JVM for each generation, and keep all that was replaced. We stop what we
        // start.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.configure().withJmxEnabled(false);
        main.configure().withLogMask(true);
        // Bodies here are bytes, trees and records: nothing that could be read only once.
        main.configure().withStreamCachingEnabled(false);
        main.configure().withShutdownTimeout(30);
        main.addInitialProperty("camel.component.kamelet.location", "file:" + folder + "/kamelets");
        main.addInitialProperty("serai.routes", folder);
        properties.forEach(main::addInitialProperty);
        main.bind(BoundedJq.NAME, new BoundedJq());
        beans.forEach(main::bind);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport starting) {
                binding.accept(starting.getCamelContext());
            }
        });
    }

    /**
     * Loads and starts all routes.
     *
     * @throws Exception as Camel gives it, naming the file or endpoint at fault
     */
    public void start() throws Exception {
        main.start();
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    public ProducerTemplate producer() {
        return main.getCamelContext().createProducerTemplate();
    }

    /** Lets exchanges in flight finish, then stops. */
    @Override
    public void close() {
        main.stop();
    }
}
