package io.serai.poll;

/** An alert for which there is nothing that could be asked for; asking again would not help. */
public final class NothingToFetch extends RuntimeException {
    public NothingToFetch(String message) {
        super(message, null, false, false);
    }
}
