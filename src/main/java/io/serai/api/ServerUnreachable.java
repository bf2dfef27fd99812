package io.serai.api;

/** No Serai answers at an address. The message is one line with the remedy. */
public final class ServerUnreachable extends RuntimeException {
    public ServerUnreachable(String message) {
        super(message, null, false, false);
    }
}
