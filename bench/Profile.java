import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the processor time of a flight recording went: by thread, by part of the program, by method. Native samples count
 * where they are work, not waiting: SQLite is native.
 */
public final class Profile {

    /** The first of these that is found from the top of a stack names its part. */
    private static final List<String> PARTS = List.of(
            "org.sqlite", "org.postgresql", "com.networknt", "net.thisptr.jackson.jq", "com.fasterxml.jackson", "io.vertx",
            "io.netty", "com.zaxxer.hikari", "io.micrometer", "ch.qos.logback", "org.apache.camel", "io.serai");
    private static final int SHOWN = 25;

    private final Map<String, Integer> threads = new TreeMap<>();
    private final Map<String, Integer> parts = new TreeMap<>();
    private final Map<String, Integer> owners = new HashMap<>();
    private final Map<String, Integer> leaves = new HashMap<>();
    private int samples;

    public static void main(String[] arguments) throws IOException {
        Profile profile = new Profile();
        try (RecordingFile file = new RecordingFile(Path.of(arguments[0]))) {
            while (file.hasMoreEvents()) {
                profile.add(file.readEvent());
            }
        }
        System.out.printf("%d samples%n", profile.samples);
        profile.print("thread", profile.threads);
        profile.print("part", profile.parts);
        profile.print("nearest own method", profile.owners);
        profile.print("method", profile.leaves);
    }

    private void add(RecordedEvent event) {
        boolean java = event.getEventType().getName().equals("jdk.ExecutionSample");
        boolean foreign = event.getEventType().getName().equals("jdk.NativeMethodSample");
        if (!java && !foreign || event.getStackTrace() == null) {
            return;
        }
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        if (foreign && !name(frames.get(0)).startsWith("org.sqlite")) {
            return;
        }
        samples++;
        String thread = event.getThread("sampledThread").getJavaName();
        threads.merge(thread == null ? "native" : thread.replaceAll("[0-9]+", "N"), 1, Integer::sum);
        parts.merge(part(frames), 1, Integer::sum);
        leaves.merge(name(frames.get(0)), 1, Integer::sum);
        frames.stream()
                .map(Profile::name)
                .filter(name -> name.startsWith("io.serai"))
                .findFirst()
                .ifPresent(name -> owners.merge(name, 1, Integer::sum));
    }

    private static String part(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames) {
            String name = name(frame);
            for (String part : PARTS) {
                if (name.startsWith(part)) {
                    return part.equals("io.serai") ? name.replaceAll("^(io\\.serai\\.[a-z]+)?.*", "$1") : part;
                }
            }
        }
        return "the JDK alone";
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private void print(String title, Map<String, Integer> counts) {
        System.out.printf("%n%s%n", title);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(SHOWN)
                .forEach(e -> System.out.printf(Locale.ROOT, "%5.1f %%  %s%n", 100.0 * e.getValue() / samples, e.getKey()));
    }
}
