import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the numbers were taken on. */
final class Machine {

    private static final long QUIET_LIMIT_NANOS = 30_000_000_000L;

    private Machine() {}

    static String describe(Path folder) throws IOException, InterruptedException {
        return "- " + Runtime.getRuntime().availableProcessors() + " cores, "
                + first("/proc/cpuinfo", "model name\\s*:\\s*(.*)") + ", "
                + Long.parseLong(first("/proc/meminfo", "MemTotal:\\s*(\\d+)")) / (1 << 20) + " GiB\n"
                + "- " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + System.getProperty("java.runtime.version") + "\n"
                + "- " + said("wrk", "(wrk \\S+)", "wrk", "--version") + ", "
                + said("Alertmanager not installed", "(alertmanager, version \\S+)", "prometheus-alertmanager", "--version")
                + ", " + (Postgres.binaries() == null
                        ? "no PostgreSQL"
                        : said("PostgreSQL", "(PostgreSQL\\) \\S+)", Postgres.binaries() + "/postgres", "--version")
                                .replace(")", ""))
                + "\n- load average before the run: " + Files.readString(Path.of("/proc/loadavg")).split(" ")[0] + "\n"
                + "- median time of fdatasync after 4 KiB, by fio: " + said(
                        "not measured (no fio)",
                        "(?s)sync percentiles \\((\\w+)\\).*?50.00th=\\[\\s*(\\d+)\\]",
                        "fio", "--name=sync", "--rw=write", "--bs=4k", "--size=64m", "--fdatasync=1", "--time_based",
                        "--runtime=3", "--directory=" + folder)
                + "\n";
    }

    /** Waits, half a minute at most, until what the last sample has left behind is done: a server tidies up for a while. */
    static void awaitQuiet() throws IOException, InterruptedException {
        long end = System.nanoTime() + QUIET_LIMIT_NANOS;
        long[] before = processors();
        for (int quiet = 0; quiet < 2 && System.nanoTime() < end; ) {
            Thread.sleep(500);
            long[] now = processors();
            quiet = (now[0] - before[0]) * 10 < now[1] - before[1] ? quiet + 1 : 0;
            before = now;
        }
    }

    /** The processors' time since the machine was started: at work, and in all. */
    private static long[] processors() throws IOException {
        String[] words = Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split("\\s+");
        long all = 0;
        for (int i = 1; i < words.length; i++) {
            all += Long.parseLong(words[i]);
        }
        long idle = Long.parseLong(words[4]) + Long.parseLong(words[5]);
        return new long[] {all - idle, all};
    }

    private static String first(String file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    private static String said(String otherwise, String pattern, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            process.waitFor();
            Matcher matcher = Pattern.compile(pattern).matcher(output);
            if (!matcher.find()) {
                return otherwise;
            }
            return matcher.groupCount() == 1 ? matcher.group(1) : matcher.group(2) + " " + matcher.group(1);
        } catch (IOException e) {
            return otherwise; // not installed
        }
    }
}
