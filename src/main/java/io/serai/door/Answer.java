package io.serai.door;

import com.fasterxml.jackson.core.JsonGenerator;
import io.serai.config.Redaction;
import io.serai.json.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * What goes back over the wire. Only what is named here is sent: nothing of a request is ever echoed.
 *
 * @param headers besides the content type
 */
public record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
    private static final String JSON = "application/json";

    public static Answer json(int status, byte[] body) {
        return new Answer(status, JSON, body, Map.of());
    }

    public static Answer text(int status, String body) {
        return new Answer(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** The error envelope of S2 with the request's id; 401 names the ways to authenticate (RFC 9110, 11.6.1). */
    public static Answer of(Refusal refusal, String requestId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = StrictJson.factory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("status", "error");
            json.writeObjectFieldStart("error");
            json.writeStringField("code", refusal.code().name());
            json.writeStringField("message", Redaction.redact(refusal.getMessage()));
            if (!refusal.details().isEmpty()) {
                json.writeArrayFieldStart("details");
                for (Refusal.Detail detail : refusal.details()) {
                    json.writeStartObject();
                    json.writeStringField("field", detail.field());
                    json.writeStringField("problem", Redaction.redact(detail.problem()));
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeStringField("resolution", refusal.code().resolution());
            if (refusal.retryAfterSeconds() != null) {
                json.writeNumberField("retry_after", refusal.retryAfterSeconds());
            }
            json.writeEndObject();
            json.writeStringField(
                    "timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
            json.writeStringField("request_id", requestId);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Answer(refusal.code().status(), JSON, out.toByteArray(), headers(refusal));
    }

    private static Map<String, String> headers(Refusal refusal) {
        if (refusal.code() == ErrorCode.AUTHENTICATION_FAILED) {
            return Map.of("WWW-Authenticate", "Bearer realm=\"serai\", Basic realm=\"serai\"");
        }
        if (refusal.allowed() != null) {
            return Map.of("Allow", refusal.allowed());
        }
        return refusal.retryAfterSeconds() == null
                ? Map.of()
                : Map.of("Retry-After", String.valueOf(refusal.retryAfterSeconds()));
    }
}
