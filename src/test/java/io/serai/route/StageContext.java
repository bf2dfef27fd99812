package io.serai.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.correlate.Correlate;
import io.serai.enrich.CsvTables;
import io.serai.record.PlannedDelivery;
import io.serai.record.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The three stages as they are shipped, or with an operator's own routes in their place, in a small CamelContext. */
public final class StageContext implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Routing routing;

    /** What came out for one alert. */
    public record Passed(ObjectNode alert, Change change, List<PlannedDelivery> deliveries) {
        public List<String> told() {
            return deliveries.stream().map(PlannedDelivery::destination).toList();
        }

        public String decisions() {
            return change.decisions().json();
        }
    }

    public StageContext(List<Audience> audiences) {
        this(audiences, Path.of("tables"), Map.of());
    }

    /** @param beans more beans for the registry */
    public StageContext(List<Audience> audiences, Path tables, Map<String, Object> beans) {
        routing = new Routing(audiences);
        context.getComponent("kamelet", KameletComponent.class).setLocation("file:routes/kamelets");
        context.getRegistry().bind("tables", CsvTables.load(tables));
        context.getRegistry()
                .bind("correlate", new Correlate(List.of("service", "environment"), Duration.ofMinutes(15)));
        context.getRegistry().bind("routing", routing);
        beans.forEach(context.getRegistry()::bind);
    }

    /** Loads one route of {@code routes/core}. */
    public StageContext shipped(String name) throws Exception {
        return load(ResourceHelper.resolveResource(context, "file:routes/core/" + name + ".camel.yaml"));
    }

    /** Loads an operator's own route. */
    public StageContext route(String name, String yaml) throws Exception {
        return load(ResourceHelper.fromString(name + ".camel.yaml", yaml));
    }

    private StageContext load(Resource resource) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(resource);
        return this;
    }

    public StageContext start() {
        context.start();
        return this;
    }

    public CamelContext camel() {
        return context;
    }

    public Routing routing() {
        return routing;
    }

    /** Sends one alert through the stages. */
    public Passed pass(String endpoint, String alert, Verdict verdict, String... holders) throws Exception {
        Exchange exchange = new DefaultExchange(context);
        Change change = new Change(1, 1, verdict, 1);
        exchange.setVariable(Change.VARIABLE, change);
        exchange.getMessage().setBody(JSON.readTree(alert));
        context.createProducerTemplate().send(endpoint, exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return new Passed(Change.alertOf(exchange), change, routing.plan(change, Set.of(holders)));
    }

    @Override
    public void close() {
        context.stop();
    }
}
