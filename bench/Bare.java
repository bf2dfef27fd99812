import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Vert.x alone: what this machine can read and answer. */
final class Bare implements Contender {

    private Server server;

    @Override
    public String name() {
        return "bare Vert.x";
    }

    @Override
    public void start(Path fresh) throws IOException, InterruptedException {
        int port = Server.freePort();
        server = Server.start(fresh, "bare", port, false, Map.of(), List.of(
                "java", "-Xmx1g", "-cp", "target/bench/classes:target/lib/*", "BareVertx", String.valueOf(port)));
    }

    @Override
    public String url() {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    @Override
    public String shape() {
        return "webhook";
    }

    @Override
    public String key() {
        return null;
    }

    @Override
    public Server server() {
        return server;
    }

    @Override
    public boolean restarts() {
        return false;
    }
}
