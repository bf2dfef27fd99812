package io.serai.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Says on a terminal that a command is still at work, once it has taken two seconds; says nothing into a pipe or file. */
final class Progress {
    private static final int QUIET_SECONDS = 2;

    private Progress() {}

    static <T> T during(String what, Supplier<T> work) {
        if (System.console() == null) {
            return work.get();
        }
        CountDownLatch done = new CountDownLatch(1);
        Thread line = new Thread(() -> show(what, done, System.err), "progress");
        line.setDaemon(true);
        line.start();
        try {
            return work.get();
        } finally {
            done.countDown();
        }
    }

    private static void show(String what, CountDownLatch done, PrintStream terminal) {
        try {
            int seconds = QUIET_SECONDS;
            boolean ended = done.await(QUIET_SECONDS, TimeUnit.SECONDS);
            while (!ended) {
                terminal.print("\r" + what + " … " + seconds++ + " s");
                terminal.flush();
                ended = done.await(1, TimeUnit.SECONDS);
            }
            if (seconds > QUIET_SECONDS) {
                terminal.print("\r\u001b[K");
                terminal.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
