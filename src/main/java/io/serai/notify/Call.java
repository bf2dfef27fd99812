package io.serai.notify;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One run of a program: no shell, empty environment, closed standard input, killed with everything that it started when
 * its time is over (fault 26).
 *
 * @param code   its return code; {@link #TIMED_OUT} when it was killed; {@link #NOT_STARTED} when it could not be started
 * @param output standard output and error as they came, cut to the limit, as UTF-8 with U+FFFD for control characters
 */
record Call(int code, String output) {
    /** As timeout(1) says it. */
    static final int TIMED_OUT = 124;

    /** As a POSIX shell says it of a command that it cannot run. */
    static final int NOT_STARTED = 127;

    private static final long PAUSE_MILLIS = 10;
    private static final long SNAPSHOT_NANOS = 100_000_000;
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Path PROC = Path.of("/proc");

    /**
     * @param command absolute path of the program, then its arguments, as they are
     * @throws InterruptedException when the caller's thread is; the program is killed then
     */
    static Call run(List<String> command, Path directory, Duration timeout, int limit) throws InterruptedException {
        boolean session = Files.isExecutable(SETSID) && Files.isDirectory(PROC);
        List<String> line = new ArrayList<>(command.size() + 1);
        if (session) {
            // A session of its own finds children again whose parent has ended. setsid(1) replaces itself: same pid.
            line.add(SETSID.toString());
        }
        line.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            return new Call(NOT_STARTED, "");
        }
        Set<ProcessHandle> started = new HashSet<>();
        try {
            return await(process, timeout, limit, started);
        } finally {
            process.destroyForcibly();
            if (session) {
                started.addAll(members(process.pid()));
            }
            started.forEach(ProcessHandle::destroyForcibly);
        }
    }

    // Reads only what is there: a child that holds the output open cannot hold us.
    private static Call await(Process process, Duration timeout, int limit, Set<ProcessHandle> started)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        long snapshot = System.nanoTime();
        boolean more = false;
        while (true) {
            boolean ended = more ? !process.isAlive() : process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            more = drain(process.getInputStream(), kept, limit);
            if (ended) {
                return new Call(process.exitValue(), visible(kept));
            }
            if (System.nanoTime() - snapshot > 0) {
                process.descendants().forEach(started::add);
                snapshot = System.nanoTime() + SNAPSHOT_NANOS;
            }
            if (System.nanoTime() - deadline > 0) {
                process.descendants().forEach(started::add);
                return new Call(TIMED_OUT, visible(kept));
            }
        }
    }

    /** True when there was something, so that there may be more: who prints a gigabyte is not made to wait for us. */
    private static boolean drain(InputStream output, ByteArrayOutputStream kept, int limit) {
        byte[] buffer = new byte[8192];
        boolean more = false;
        try {
            // One pipe's worth for each turn, so that a program that never stops writing still meets its deadline.
            for (int round = 0; round < 8 && output.available() > 0; round++) {
                int read = output.read(buffer, 0, Math.min(buffer.length, output.available()));
                kept.write(buffer, 0, Math.max(0, Math.min(read, limit - kept.size())));
                more = true;
            }
        } catch (IOException e) {
            // The output was closed under us: what came before it is kept.
            return false;
        }
        return more;
    }

    private static String visible(ByteArrayOutputStream kept) {
        return kept.toString(StandardCharsets.UTF_8).replaceAll("[\\p{Cc}&&[^\\n\\t]]", "\uFFFD");
    }

    /** Everything that still runs in the session of that process. */
    private static List<ProcessHandle> members(long session) {
        List<ProcessHandle> members = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path each : processes) {
                if (sessionOf(each) == session) {
                    ProcessHandle.of(Long.parseLong(each.getFileName().toString()))
                            .ifPresent(members::add);
                }
            }
        } catch (IOException e) {
            return members;
        }
        return members;
    }

    // proc(5): "pid (name) state ppid pgrp session …"; the name may hold spaces and brackets.
    private static long sessionOf(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
        } catch (IOException | RuntimeException e) {
            // It ended while we looked.
            return -1;
        }
    }
}
