package io.serai.door;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads what Vert.x received as what the door hands on. */
final class Arrivals {
    private final Clock clock;

    Arrivals(Clock clock) {
        this.clock = clock;
    }

    /** @throws Refusal when the query is broken */
    Arrival read(HttpServerRequest request, String id, byte[] body) {
        return new Arrival(
                id,
                Instant.ofEpochMilli(clock.millis()),
                request.method().name(),
                request.path(),
                values(query(request), false),
                values(request.headers(), true),
                body,
                request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress(),
                null);
    }

    private static MultiMap query(HttpServerRequest request) {
        try {
            return request.query() == null ? null : request.params();
        } catch (IllegalArgumentException broken) {
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "The query is not percent-encoded.");
        }
    }

    private static Map<String, List<String>> values(MultiMap map, boolean lower) {
        if (map == null || map.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> values = new HashMap<>();
        for (Map.Entry<String, String> entry : map.entries()) {
            String name = lower ? entry.getKey().toLowerCase(Locale.ROOT) : entry.getKey();
            values.computeIfAbsent(name, first -> new ArrayList<>(1)).add(entry.getValue());
        }
        return values;
    }

    /** Why Vert.x could not read a head. */
    static Refusal unreadable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Refusal(ErrorCode.TARGET_TOO_LONG, "The request target is too long.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new Refusal(ErrorCode.HEAD_TOO_LARGE, "The header fields are too large.");
        }
        return new Refusal(ErrorCode.VALIDATION_ERROR, "This is not a valid HTTP request.");
    }
}
