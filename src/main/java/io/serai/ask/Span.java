package io.serai.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.time.Instant;

/** A time span as requests are filled with: {@code start} and {@code end}, in RFC 3339, seconds and milliseconds. */
final class Span {
    private Span() {}

    static ObjectNode parameters(Instant start, Instant end) {
        return StrictJson.mapper()
                .createObjectNode()
                .put("start", start.toString())
                .put("end", end.toString())
                .put("start_seconds", start.getEpochSecond())
                .put("end_seconds", end.getEpochSecond())
                .put("start_millis", start.toEpochMilli())
                .put("end_millis", end.toEpochMilli());
    }
}
