package io.serai.door;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;

/**
 * Serves {@code platform-http:} endpoints of the routes at the door. Bound as {@code platform-http-engine}, which is
 * where Camel looks first; routes stay stock YAML.
 */
public final class DoorEngine implements PlatformHttpEngine {
    private final DoorTable table;
    private final int port;

    DoorEngine(DoorTable table, int port) {
        this.table = table;
        this.port = port;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return new DoorConsumer(endpoint, processor, table);
    }

    @Override
    public int getServerPort() {
        return port;
    }
}
