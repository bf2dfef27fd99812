package io.serai.door;

/** The port cannot be had. The message is one line for the operator. */
public final class DoorUnavailable extends RuntimeException {
    DoorUnavailable(String host, int port, String problem) {
        super(host + ":" + port + " " + problem, null, false, false);
    }
}
