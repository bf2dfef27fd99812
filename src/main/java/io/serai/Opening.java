package io.serai;

import io.serai.config.ConfigurationError;
import io.serai.door.Door;
import io.serai.door.DoorUnavailable;
import io.serai.record.LedgerOptions;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a database that is away, and says so at the ports meanwhile: senders are told to come back (P6). */
final class Opening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Supplier<WaitingRoom> room;
    private final BooleanSupplier stopping;
    private WaitingRoom waitingRoom;

    /** @param stopping true when nobody waits any longer */
    Opening(Supplier<WaitingRoom> room, BooleanSupplier stopping) {
        this.room = room;
        this.stopping = stopping;
    }

    /** @throws LedgerUnavailable when it will not come back by itself */
    Store store(LedgerOptions options) throws InterruptedException {
        while (true) {
            try {
                return Store.open(options);
            } catch (LedgerUnavailable e) {
                if (!e.passing() || stopping.getAsBoolean()) {
                    throw e;
                }
                if (waitingRoom == null) {
                    LOG.warn("{} Until then every request is refused.", e.getMessage());
                    waitingRoom = room.get();
                    listen(waitingRoom.door());
                }
                TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            }
        }
    }

    /** @throws ConfigurationError when the port cannot be had */
    static void listen(Door door) {
        try {
            door.listen();
        } catch (DoorUnavailable e) {
            throw new ConfigurationError(
                    "serai.port", e.getMessage(), "Stop what uses it or choose another with --port");
        }
    }

    /** Leaves the ports, which are kept until the door itself takes them. */
    @Override
    public void close() {
        if (waitingRoom != null) {
            waitingRoom.close();
            waitingRoom = null;
        }
    }
}
