package io.serai.door;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One request as it came over the wire, read once. The routes see this record as the exchange variable
 * {@code arrival}; none of it becomes a Camel header (the header injection family of Camel's advisories).
 *
 * @param path     decoded, without the query
 * @param query    decoded parameters; a repeated one keeps all its values
 * @param headers  lower-case names; a repeated one keeps all its values
 * @param body     the raw bytes; empty when there was none
 */
public record Arrival(
        String requestId,
        Instant receivedAt,
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        byte[] body,
        String remote,
        Principal principal) {

    public Arrival by(Principal someone) {
        return new Arrival(requestId, receivedAt, method, path, query, headers, body, remote, someone);
    }

    /**
     * The only value of a header, or null when it was not sent.
     *
     * @throws Refusal when it was sent twice: which of them is meant is a guess that an attacker would win
     */
    public String header(String name) {
        List<String> values = headers.get(name);
        if (values == null) {
            return null;
        }
        if (values.size() > 1) {
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "The header " + name + " is sent more than once.");
        }
        return values.get(0);
    }

    /** The only value of a query parameter, or null; see {@link #header}. */
    public String parameter(String name) {
        List<String> values = query.get(name);
        if (values == null) {
            return null;
        }
        if (values.size() > 1) {
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "The parameter " + name + " is sent more than once.");
        }
        return values.get(0);
    }
}
