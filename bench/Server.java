import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A process that was started here, on a port that nobody else has. Linux only: it reads /proc. */
final class Server implements AutoCloseable {

    private final Process process;
    private final int port;
    private final Path count;

    private Server(Process process, int port, Path count) {
        this.process = process;
        this.port = port;
        this.count = count;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    /**
     * Starts the command and waits until it listens on the port, and it and no other.
     *
     * @param counted true when its fsyncs are to be counted
     */
    static Server start(Path folder, String name, int port, boolean counted, Map<String, String> more, List<String> command)
            throws IOException, InterruptedException {
        Path log = folder.resolve(name + ".log");
        Path count = folder.resolve(name + ".fsync");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(more);
        if (counted) {
            builder.environment().put("LD_PRELOAD", Path.of("target/bench/fsync.so").toAbsolutePath().toString());
            builder.environment().put("FSYNC_COUNT", count.toAbsolutePath().toString());
        }
        Server server = new Server(builder.start(), port, counted ? count : null);
        server.await(log, () -> server.listens());
        return server;
    }

    private void await(Path log, BooleanSupplier ready) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                close();
                throw new IllegalStateException("not started, see " + log + ":\n" + Files.readString(log));
            }
            Thread.sleep(50);
        }
    }

    int port() {
        return port;
    }

    /** True when the listening socket of the port belongs to this process or one that it started. */
    boolean listens() {
        String suffix = ":%04X".formatted(port);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : read(Path.of(table)).split("\n")) {
                String[] words = line.strip().split("\\s+");
                if (words.length > 9 && words[1].endsWith(suffix) && words[3].equals("0A")) {
                    String socket = "socket:[" + words[9] + "]";
                    if (tree().anyMatch(handle -> holds(handle, socket))) {
                        return true;
                    }
                    throw new IllegalStateException("port " + port + " is held by a process that was not started here");
                }
            }
        }
        return false;
    }

    private static boolean holds(ProcessHandle handle, String socket) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + handle.pid() + "/fd"))) {
            return files.anyMatch(file -> {
                try {
                    return Files.readSymbolicLink(file).toString().equals(socket);
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            });
        } catch (IOException e) {
            return false; // ended meanwhile
        }
    }

    private Stream<ProcessHandle> tree() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** Processor seconds used so far by the process and those that it started and that still run. */
    double cpuSeconds() {
        return tree().mapToDouble(handle -> handle.info()
                        .totalCpuDuration()
                        .map(duration -> duration.toMillis() / 1000.0)
                        .orElse(0.0))
                .sum();
    }

    long residentMegabytes() {
        return tree().mapToLong(Server::residentMegabytes).sum();
    }

    private static long residentMegabytes(ProcessHandle handle) {
        for (String line : read(Path.of("/proc/" + handle.pid() + "/status")).split("\n")) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return 0;
    }

    /** Resident megabytes of the processes that it started and that still run. */
    long startedMegabytes() {
        return process.descendants().mapToLong(Server::residentMegabytes).sum();
    }

    /** Ends what it started, and not the process itself. */
    void endStarted() throws InterruptedException {
        List<ProcessHandle> started = process.descendants().toList();
        started.forEach(ProcessHandle::destroyForcibly);
        while (started.stream().anyMatch(ProcessHandle::isAlive)) {
            Thread.sleep(20);
        }
    }

    /** Calls of fsync and fdatasync so far; -1 when they are not counted. */
    long fsyncs() {
        try {
            return count == null
                    ? -1
                    : ByteBuffer.wrap(Files.readAllBytes(count)).order(ByteOrder.nativeOrder()).getLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // ended meanwhile
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
