import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long a good edit takes from the moment its file is written until it is in force: the first one after a start, the next one, and one
 * whose check has to start again, as it has after a quarter of an hour without edits.
 */
final class Reload {

    /** What is edited, so that the file differs each time and nothing that is sent or told does. */
    private enum Edit {
        MAPPING("routes/providers/prometheus/prometheus.jq"),
        DESCRIPTOR("routes/providers/prometheus/provider.yaml"),
        ROUTE("routes/core/alert-route.camel.yaml"),
        SETTINGS("application.properties");

        private final String file;

        Edit(String file) {
            this.file = file;
        }
    }

    /** How warm the check is. */
    private enum When {
        FIRST,
        NEXT,
        RESTARTED
    }

    private static final long WARM_MILLIS = 20_000;

    private final Path work = Path.of("target/bench/reload");
    private final List<Double> starts = new ArrayList<>();
    private final Map<Edit, Map<When, List<Double>>> times = new EnumMap<>(Edit.class);
    private final int rounds;
    private final int rate;
    private long unsent;
    private long resident;
    private int made;

    private Reload(int rounds, int rate) {
        this.rounds = rounds;
        this.rate = rate;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = 3;
        int rate = 0;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                case "--rate" -> rate = Integer.parseInt(arguments[++i]);
                default -> {
                    System.err.println("unknown option " + arguments[i] + "; see the head of bench/reload");
                    System.exit(64);
                }
            }
        }
        new Reload(rounds, rate).run();
    }

    private void run() throws IOException, InterruptedException {
        // The first start may prepare a quick start; it counts for nothing.
        Edited.start(work).close();
        for (int round = 0; round < rounds; round++) {
            for (Edit edit : Edit.values()) {
                measure(edit);
            }
        }
        Files.writeString(Path.of("target/bench/reload.md"), result());
        System.out.print(result());
    }

    private void measure(Edit edit) throws IOException, InterruptedException {
        Machine.awaitQuiet();
        try (Edited serai = Edited.start(work);
                Pace pace = new Pace(serai.url(), serai.key(), rate)) {
            starts.add(serai.startSeconds());
            if (rate == 0) {
                Machine.awaitQuiet();
            } else {
                // What is measured is an edit of a server that runs, not the compiler that a start sets to work.
                Thread.sleep(WARM_MILLIS);
            }
            for (When when : When.values()) {
                if (when == When.RESTARTED) {
                    serai.endCheck();
                }
                double seconds = serai.edit(edit.file, "# edit " + ++made);
                times.computeIfAbsent(edit, each -> new EnumMap<>(When.class))
                        .computeIfAbsent(when, each -> new ArrayList<>())
                        .add(seconds);
                System.err.printf("%s, %s: %.2f s%n", edit, when, seconds);
                resident = Math.max(resident, serai.checkMegabytes());
                // So that the next one does not always come at the same time between two looks.
                Thread.sleep(500 + made * 370L % 1000);
            }
            unsent += pace.unsent();
        }
    }

    private String result() throws IOException, InterruptedException {
        StringBuilder table = new StringBuilder(Machine.describe(work));
        table.append(format("- %d rounds, %d alerts a second, %d of them not answered 2xx; cold start %s s; the check holds up to %d MB"
                + " after an edit.%n%n", rounds, rate, unsent, spread(starts), resident));
        table.append("| edit | first after a start, s | next, s | check starts again, s | worst, in cold starts |\n|---|---|---|---|---|\n");
        times.forEach((edit, all) -> {
            table.append("| ").append(edit.name().toLowerCase(Locale.ROOT));
            all.values().forEach(each -> table.append(" | ").append(spread(each)));
            double worst = all.values().stream().flatMap(List::stream).mapToDouble(Double::doubleValue).max().orElse(0);
            table.append(format(" | %.2f |%n", worst / median(starts)));
        });
        return table.toString();
    }

    private static String spread(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return format("%.1f / %.1f / %.1f", sorted[0], median(values), sorted[sorted.length - 1]);
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
