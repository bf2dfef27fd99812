package io.serai.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** Stands between two parties on loopback and can cut the line when a word passes, or choose another backend. */
final class TcpProxy implements AutoCloseable {

    private final ServerSocket server;
    private final Supplier<List<Integer>> backends;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean down;
    private volatile String word;
    private volatile CountDownLatch cut = new CountDownLatch(1);

    /** @param backends ports on loopback, asked for each connection: the first that takes it gets it */
    TcpProxy(Supplier<List<Integer>> backends) throws IOException {
        this.backends = backends;
        server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Cuts the connection on which the backend says the word next, and keeps the word from the other end. */
    CountDownLatch cutAt(String said) {
        cut = new CountDownLatch(1);
        word = said;
        return cut;
    }

    /** Cuts every connection and takes no other one. */
    void down() {
        down = true;
        open.forEach(this::close);
    }

    void up() {
        down = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                start(() -> connect(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) {
        for (int port : down ? List.<Integer>of() : backends.get()) {
            try {
                Socket backend = new Socket(InetAddress.getLoopbackAddress(), port);
                open.add(client);
                open.add(backend);
                start(() -> pass(client, backend, false));
                start(() -> pass(backend, client, true));
                return;
            } catch (IOException e) {
                // the next one
            }
        }
        close(client);
    }

    private void pass(Socket from, Socket to, boolean watched) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[1 << 16];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                String said = word;
                if (watched && said != null && new String(bytes, 0, read, StandardCharsets.ISO_8859_1).contains(said)) {
                    word = null;
                    cut.countDown();
                    return;
                }
                out.write(bytes, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // One end went away: so does the other.
        } finally {
            close(from);
            close(to);
        }
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // closed already
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(this::close);
    }
}
