import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The peer: Prometheus Alertmanager, one receiver without integrations, no cluster. Nothing is durable when it answers. */
final class Alertmanager implements Contender {

    private Server server;

    static boolean installed() {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, "prometheus-alertmanager"))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String name() {
        return "Alertmanager";
    }

    @Override
    public void start(Path fresh) throws IOException, InterruptedException {
        Path configuration = fresh.resolve("alertmanager.yml");
        Files.writeString(configuration, """
                route: {receiver: nobody, group_by: [alertname]}
                receivers: [{name: nobody}]
                """);
        int port = Server.freePort();
        server = Server.start(fresh, "alertmanager", port, false, Map.of(), List.of(
                "prometheus-alertmanager",
                "--config.file=" + configuration,
                "--storage.path=" + fresh.resolve("alertmanager"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=",
                "--log.level=warn"));
    }

    @Override
    public String url() {
        return "http://127.0.0.1:" + server.port() + "/api/v2/alerts";
    }

    @Override
    public String shape() {
        return "alertmanager";
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
        return true;
    }
}
