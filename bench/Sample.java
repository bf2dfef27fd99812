import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of wrk: one thread, 64 connections.
 *
 * @param rate      whole answers a second
 * @param requests  whole answers
 * @param bad       answers that are no 2xx
 * @param broken    connections and requests that failed
 * @param p50       milliseconds
 * @param p99       milliseconds
 * @param cpu       processor seconds of the server, without its database
 * @param resident  megabytes of the server after the run, without its database
 * @param fsyncs    of the server or its database during the run; -1 when not counted
 * @param settled   what the ledger held when the backlog was gone; null for a server without one
 */
record Sample(
        double rate,
        long requests,
        long bad,
        long broken,
        double p50,
        double p99,
        double cpu,
        long resident,
        long fsyncs,
        Ledger.State settled) {

    private static final Pattern RESULT = Pattern.compile(
            "RESULT requests=(\\d+) seconds=([\\d.]+) bad=(\\d+) broken=(\\d+) p50=([\\d.]+) p99=([\\d.]+)");
    private static long runs;

    static Sample take(Contender contender, Load load, int seconds) throws IOException, InterruptedException {
        Server server = contender.server();
        Server store = contender instanceof Serai serai ? serai.store() : server;
        double cpu = server.cpuSeconds();
        long fsyncs = store.fsyncs();
        ProcessBuilder wrk = new ProcessBuilder(
                        "wrk", "-t1", "-c64", "-d" + seconds + "s", "--timeout", "10s", "-s", "bench/load.lua", contender.url())
                .redirectErrorStream(true);
        Map<String, String> environment = wrk.environment();
        environment.put("SHAPE", contender.shape());
        environment.put("ALERTS", String.valueOf(load.alerts()));
        environment.put("BODIES", load.unique() ? "unique" : "repeat");
        environment.put("RUN", Long.toString(System.nanoTime(), 36) + runs++);
        if (contender.key() != null) {
            environment.put("KEY", contender.key());
        }
        if (!server.listens()) {
            throw new IllegalStateException(contender.name() + " is gone");
        }
        Process process = wrk.start();
        String output = new String(process.getInputStream().readAllBytes());
        Matcher matcher = RESULT.matcher(output);
        if (process.waitFor() != 0 || !matcher.find()) {
            throw new IllegalStateException(output);
        }
        long requests = Long.parseLong(matcher.group(1));
        return new Sample(
                requests / Double.parseDouble(matcher.group(2)),
                requests,
                Long.parseLong(matcher.group(3)),
                Long.parseLong(matcher.group(4)),
                Double.parseDouble(matcher.group(5)),
                Double.parseDouble(matcher.group(6)),
                server.cpuSeconds() - cpu,
                server.residentMegabytes(),
                fsyncs < 0 ? -1 : store.fsyncs() - fsyncs,
                null);
    }

    Sample settled(Ledger.State state) {
        return new Sample(rate, requests, bad, broken, p50, p99, cpu, resident, fsyncs, state);
    }

    /** Accepted requests a second. */
    double accepted() {
        return rate * (requests - bad) / Math.max(1, requests);
    }
}
