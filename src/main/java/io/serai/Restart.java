package io.serai;

import io.serai.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which settings count at once when they are changed, and which after a restart only. */
final class Restart {
    private static final List<String> AT_ONCE = List.of(
            "serai.provider.", "serai.destination.", "serai.retry.", "serai.incident.", "serai.egress.", "camel.");

    private Restart() {}

    /** Keys that differ, without those that count at once, and without where the routes lie: that is a copy of ours. */
    static List<String> needed(Settings started, Settings now) {
        Set<String> keys = new TreeSet<>(started.all().keySet());
        keys.addAll(now.all().keySet());
        List<String> needed = new ArrayList<>();
        for (String key : keys) {
            boolean same =
                    String.valueOf(started.all().get(key)).equals(now.all().get(key));
            if (!same && !key.equals("serai.routes") && AT_ONCE.stream().noneMatch(key::startsWith)) {
                needed.add(key);
            }
        }
        return needed;
    }
}
