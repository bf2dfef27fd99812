package io.serai.door;

import java.util.Optional;

/** Knows Serai's own keys. */
public interface KeyVerifier {
    /**
     * The holder of a key as presented, looked up where all keys are; empty for a wrong, revoked, expired or malformed
     * one. A wrong secret costs what an unknown id costs.
     *
     * @throws Refusal 503 when the keys cannot be asked
     */
    Optional<Principal> verify(String presented);

    /** The holder of a key that is held in memory: never a look elsewhere. Empty when only {@link #verify} can tell. */
    default Optional<Principal> remembered(String presented) {
        return Optional.empty();
    }
}
