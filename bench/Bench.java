import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The comparison: every server warm, then one sample of each in turn, round after round. */
final class Bench {

    private final int rounds;
    private final int seconds;
    private final int warm;
    private final List<String> loads;
    private final List<String> only;
    private final boolean profiled;
    private final Path work = Path.of("target/bench/work");

    private Bench(int rounds, int seconds, int warm, List<String> loads, List<String> only, boolean profiled) {
        this.rounds = rounds;
        this.seconds = seconds;
        this.warm = warm;
        this.loads = loads;
        this.only = only;
        this.profiled = profiled;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = 5;
        int seconds = 8;
        // On two cores the compiler is busy for the first forty seconds of load; less measures the compiler.
        int warm = 60;
        List<String> loads = Load.ALL;
        List<String> only = List.of();
        boolean profiled = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> {
                    rounds = 3;
                    seconds = 4;
                    warm = 45;
                    loads = List.of("1u", "100u");
                }
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                case "--seconds" -> seconds = Integer.parseInt(arguments[++i]);
                case "--warm" -> warm = Integer.parseInt(arguments[++i]);
                case "--loads" -> loads = List.of(arguments[++i].split(","));
                case "--only" -> only = List.of(arguments[++i].split(","));
                case "--profile" -> profiled = true;
                default -> {
                    System.err.println("unknown option " + arguments[i] + "; see the head of bench/run");
                    System.exit(64);
                }
            }
        }
        new Bench(rounds, seconds, warm, loads, only, profiled).run();
    }

    private void run() throws IOException, InterruptedException, SQLException {
        Files.createDirectories(work);
        StringBuilder result = new StringBuilder("# Ingest side by side\n\n");
        result.append(Machine.describe(work));
        result.append("- 64 connections from one wrk thread on the same machine; ").append(rounds).append(" samples of ")
                .append(seconds).append(" s each, taken in turn after ").append(warm).append(" s of warming up.\n")
                .append("- Serai answers after its commit and routes behind it; Alertmanager keeps all in memory and never pays")
                .append(" an fsync; bare Vert.x does nothing. Rates count 2xx only.\n\n");
        System.out.print(result);
        for (String word : loads) {
            Load load = Load.of(word);
            String table = Table.of(load, measure(load));
            System.out.println(table);
            result.append(table);
            Files.writeString(Path.of("target/bench/result.md"), result);
        }
    }

    private List<Contender> contenders() throws IOException {
        List<Contender> contenders = new ArrayList<>();
        if (Serai.built()) {
            contenders.add(new Serai(false, profiled));
            if (Postgres.binaries() != null) {
                contenders.add(new Serai(true, profiled));
            }
        }
        contenders.add(new Bare());
        if (Alertmanager.installed()) {
            contenders.add(new Alertmanager());
        }
        contenders.removeIf(contender -> !only.isEmpty()
                && only.stream().noneMatch(name -> contender.name().toLowerCase(java.util.Locale.ROOT).contains(name)));
        return contenders;
    }

    private Map<String, List<Sample>> measure(Load load) throws IOException, InterruptedException, SQLException {
        List<Contender> contenders = contenders();
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        try {
            for (Contender contender : contenders) {
                samples.put(contender.name(), new ArrayList<>());
                contender.start(fresh(contender));
                Sample.take(contender, load, contender.restarts() ? 2 : warm);
                contender.settle(2 * Table.backlogSeconds());
            }
            for (int round = 0; round < rounds; round++) {
                for (Contender contender : contenders) {
                    samples.get(contender.name()).add(sample(contender, load));
                }
            }
        } finally {
            contenders.forEach(Contender::close);
        }
        return samples;
    }

    private Sample sample(Contender contender, Load load) throws IOException, InterruptedException, SQLException {
        if (contender.restarts()) {
            contender.close();
            contender.start(fresh(contender));
        }
        Machine.awaitQuiet();
        Sample sample = Sample.take(contender, load, seconds);
        sample = sample.settled(contender.settle(Table.backlogSeconds()));
        System.err.printf("%s, %s: %.0f/s%s%n", load, contender.name(), sample.accepted(),
                sample.settled() == null ? "" : ", backlog gone after %.1f s".formatted(sample.settled().seconds()));
        return sample;
    }

    private Path fresh(Contender contender) throws IOException {
        Path folder = work.resolve(contender.name().replaceAll("\\W+", "-"));
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(folder);
    }
}
