package io.serai.door;

import java.util.Optional;

/** Knows Serai's own keys. */
public interface KeyVerifier {
    /** The holder of a key as presented; empty for a wrong, revoked or malformed one, in the same time. */
    Optional<Principal> verify(String presented);
}
