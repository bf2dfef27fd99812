package io.serai.fault;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Sends a process a signal for which Java has no method. */
final class Signal {

    private Signal() {}

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
