package io.serai.door;

import io.serai.reload.InUse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;

/**
 * Serves the {@code platform-http:} endpoints of one set of routes at the door, once {@link Door#serve} has put it there.
 * Bound as {@code platform-http-engine}, which is where Camel looks first; routes stay stock YAML.
 */
public final class DoorEngine implements PlatformHttpEngine {
    private final DoorTable table;
    private final int port;
    private final InUse use;
    private final List<DoorTable.Line> lines = new ArrayList<>();
    private boolean serving;

    DoorEngine(DoorTable table, int port, InUse use) {
        this.table = table;
        this.port = port;
        this.use = use;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return new DoorConsumer(endpoint, processor, this, use);
    }

    @Override
    public int getServerPort() {
        return port;
    }

    /** Serves one of its paths at another one too: the root, where a Dynatrace set up long ago posts to. */
    public synchronized void alias(String method, String path, String target) {
        lines.stream()
                .filter(line -> line.path().equals(target) && line.method().equals(method))
                .findFirst()
                .ifPresent(line -> open(method, path, line.access(), line.endpoint()));
    }

    /**
     * Answers those who ask, before they send to a provider's paths, whether they may; see {@link SendPermission}.
     *
     * @param origins those that may, by the provider's instance
     */
    public synchronized void permit(String provider, Function<String, List<String>> origins) {
        DoorTable.Endpoint permission = new SendPermission(origins);
        lines.stream()
                .filter(line -> line.access().equals(new Access.Ingest(provider)))
                .map(DoorTable.Line::path)
                .distinct()
                .toList()
                .forEach(path -> open("OPTIONS", path, new Access.Open(), permission));
    }

    synchronized void open(String method, String path, Access access, DoorTable.Endpoint endpoint) {
        DoorTable.Line line = new DoorTable.Line(method, path, access, endpoint);
        lines.add(line);
        if (serving) {
            table.replace(List.of(), List.of(line));
        }
    }

    synchronized void close(DoorTable.Endpoint endpoint) {
        List<DoorTable.Line> gone =
                lines.stream().filter(line -> line.endpoint() == endpoint).toList();
        lines.removeAll(gone);
        if (serving) {
            table.replace(gone, List.of());
        }
    }

    /** Whoever has the path now. */
    DoorTable.Endpoint find(String method, String path) {
        return table.find(method, path).endpoint();
    }

    /** Takes the place of another engine, in one step for all paths. */
    void replace(DoorEngine before) {
        List<DoorTable.Line> gone = before == null ? List.of() : before.leave();
        synchronized (this) {
            serving = true;
            table.replace(gone, lines);
        }
    }

    private synchronized List<DoorTable.Line> leave() {
        serving = false;
        return List.copyOf(lines);
    }
}
