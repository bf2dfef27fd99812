import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The result of one load as a Markdown table, with what speaks against believing it. */
final class Table {

    private static final double TOO_WIDE = 0.30;
    private static final double TOO_FAR = 0.20;
    private static final int BACKLOG_SECONDS = 30;

    private Table() {}

    static String of(Load load, Map<String, List<Sample>> samples) {
        StringBuilder table = new StringBuilder("## ").append(load).append("\n\n");
        table.append("| server | requests/s, median (range) | alerts/s | to Alertmanager | to bare Vert.x | p50 / p99 ms |"
                + " CPU s per 10,000 | MB | requests per fsync | backlog gone after s | not 2xx | broken |\n");
        table.append("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        List<Sample> peer = samples.get("Alertmanager");
        List<Sample> bare = samples.get("bare Vert.x");
        StringBuilder doubts = new StringBuilder();
        samples.forEach((name, taken) -> {
            double rate = median(taken, Sample::accepted);
            double low = taken.stream().mapToDouble(Sample::accepted).min().orElse(0);
            double high = taken.stream().mapToDouble(Sample::accepted).max().orElse(0);
            boolean stored = taken.get(0).settled() != null;
            double drained = taken.stream()
                    .mapToDouble(sample -> stored ? sample.settled().seconds() : 0)
                    .max()
                    .orElse(0);
            table.append("| ").append(name);
            table.append(format(" | %,.0f (%,.0f-%,.0f)", rate, low, high));
            table.append(format(" | %,.0f", rate * load.alerts()));
            table.append(" | ").append(ratio(taken, peer)).append(" | ").append(ratio(taken, bare));
            table.append(format(" | %.1f / %.1f", median(taken, Sample::p50), median(taken, Sample::p99)));
            table.append(format(" | %.2f", median(taken, sample -> sample.cpu() * 10_000 / sample.requests())));
            table.append(format(" | %.0f", median(taken, Sample::resident)));
            table.append(taken.get(0).fsyncs() < 0
                    ? " | -"
                    : format(" | %.0f", median(taken, s -> (s.requests() - s.bad()) / (double) Math.max(1, s.fsyncs()))));
            table.append(stored ? format(" | %.1f", drained) : " | -");
            table.append(" | ").append(taken.stream().mapToLong(Sample::bad).sum());
            table.append(" | ").append(taken.stream().mapToLong(Sample::broken).sum()).append(" |\n");

            if ((high - low) / rate > TOO_WIDE) {
                doubts.append(format("- %s: the samples spread over %.0f %%.\n", name, 100 * (high - low) / rate));
            }
            if (name.equals("bare Vert.x")) {
                double drift = taken.get(taken.size() - 1).accepted() / taken.get(0).accepted() - 1;
                if (Math.abs(drift) > TOO_FAR) {
                    doubts.append(format("- the machine drifted: bare Vert.x by %.0f %% from first to last.\n", 100 * drift));
                }
            }
            if (stored && taken.stream().anyMatch(sample -> sample.settled().backlog() > 0)) {
                doubts.append(format("- %s: the backlog was not gone after %d s, so the rate is not one of ingest.\n",
                        name, BACKLOG_SECONDS));
            }
        });
        if (doubts.length() > 0) {
            table.append("\nNot to be trusted without another look:\n\n").append(doubts);
        }
        return table.append('\n').toString();
    }

    static int backlogSeconds() {
        return BACKLOG_SECONDS;
    }

    /** Each sample is held against its neighbour of the same round: a shared machine is now fast and now slow for both. */
    private static String ratio(List<Sample> taken, List<Sample> others) {
        if (others == null) {
            return "-";
        }
        double[] ratios = IntStream.range(0, taken.size())
                .mapToDouble(round -> taken.get(round).accepted() / others.get(round).accepted())
                .sorted()
                .toArray();
        return format("%.2f (%.2f-%.2f)", median(ratios), ratios[0], ratios[ratios.length - 1]);
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> value) {
        return median(samples.stream().mapToDouble(value).sorted().toArray());
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
