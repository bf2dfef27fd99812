package io.serai.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Sends a process a signal for which Java has no method. */
final class Signal {

    static final int INT = 2;

    private Signal() {}

    /**
     * Whether whoever started us has a signal ignored, as a shell has INT for what runs in its background: our children ignore it,
     * too, and a JVM leaves it so.
     *
     * @param number as in signal(7)
     */
    static boolean ignored(int number) throws IOException {
        Path self = Path.of("/proc/self/status");
        if (!Files.exists(self)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(self)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> Long.parseUnsignedLong(
                            line.substring(line.indexOf(':') + 1).strip(), 16))
                    .anyMatch(mask -> (mask >> number - 1 & 1) == 1);
        }
    }

    /** @param name without {@code SIG}; a process that is gone already is none of our business */
    static void send(String name, ProcessHandle process) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            kill.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
