package io.serai;

import io.serai.config.Settings;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;

/** Runs one Serai until it is told to stop. */
public final class Main {
    private Main() {}

    /**
     * Starts, says on the output where it is and what to do first, and returns when the process is asked to end.
     *
     * @return the process' exit code
     * @throws Exception what {@link Application#start} throws; nothing runs then
     */
    public static int run(Settings settings) throws Exception {
        Application application = Application.start(settings);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            application.close();
                            stopped.countDown();
                        },
                        "stop"));
        greet(application, System.out);
        stopped.await();
        return 0;
    }

    private static void greet(Application application, PrintStream out) {
        String url = "http://127.0.0.1:" + application.port();
        // Since the JVM's start: the process is older when the launcher had to build first.
        long ready = ManagementFactory.getRuntimeMXBean().getUptime();
        out.println("Serai " + Version.current() + " takes alerts at " + url + " (ready in " + ready + " ms)");
        application.firstKeys().ingest().ifPresent(key -> {
            out.println();
            out.println("Two keys, shown this once:");
            out.println("  for senders:    " + key);
            application.firstKeys().operator().ifPresent(operator -> out.println("  for operators:  " + operator));
            out.println();
            out.println("Your first alert:");
            out.println("  curl -H 'X-API-KEY: " + key + "' -H 'Content-Type: application/json' \\");
            out.println("    -d '{\"title\":\"Checkout is slow\",\"status\":\"firing\",\"severity\":\"critical\","
                    + "\"service\":\"checkout\"}' \\");
            out.println("    " + url + "/api/alerts/event/generic");
            out.println();
            out.println("Then: ./serai alerts, ./serai explain 1, ./serai deliveries");
        });
        out.flush();
    }
}
