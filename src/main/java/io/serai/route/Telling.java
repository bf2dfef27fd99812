package io.serai.route;

import java.util.HashMap;
import java.util.Map;

/** What the routing route has said so far about one change: who is told and, of those it named, who is not. */
final class Telling {
    private final Map<String, String> told = new HashMap<>(4);
    private final Map<String, String> refused = new HashMap<>(4);
    private String quiet;

    void tell(String destination, String reason) {
        told.putIfAbsent(destination, reason);
    }

    void refuse(String destination, String reason) {
        refused.putIfAbsent(destination, reason);
    }

    void quiet(String reason) {
        quiet = quiet == null ? reason : quiet;
    }

    /** Why this destination is told; null when it is not. A quiet word wins over every other, before or after. */
    String told(String destination) {
        return quiet == null ? told.get(destination) : null;
    }

    /** Why this destination is not told. */
    String untold(String destination) {
        return quiet == null ? refused.getOrDefault(destination, "not named by the routing route") : quiet;
    }
}
