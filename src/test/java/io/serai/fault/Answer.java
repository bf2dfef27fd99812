package io.serai.fault;

import java.util.Map;

/**
 * What a stub target does with a request after it has written it down.
 *
 * @param kind       how the answer goes wrong, if it does
 * @param status     HTTP status of a whole answer
 * @param retryAfter value of {@code Retry-After}; null for none
 * @param delay      milliseconds before the answer
 */
record Answer(Kind kind, int status, String retryAfter, long delay) {

    enum Kind {
        /** A whole answer with the given status. */
        WHOLE,
        /** No byte until the behaviour is changed or the stub stops. */
        HANG,
        /** The connection is reset instead of an answer. */
        RESET,
        /** The head promises more bytes than come before the connection ends. */
        HALF,
        /** 302 to another path of the same stub, which must never be asked. */
        REDIRECT,
        /** Bytes that are not HTTP. */
        GARBAGE,
        /** 200 with 64 MiB of body. */
        LARGE
    }

    static final Answer OK = status(200);

    static Answer status(int status) {
        return new Answer(Kind.WHOLE, status, null, 0);
    }

    static Answer of(Kind kind) {
        return new Answer(kind, 200, null, 0);
    }

    Answer retryAfter(String value) {
        return new Answer(kind, status, value, delay);
    }

    Answer delayed(long milliseconds) {
        return new Answer(kind, status, retryAfter, milliseconds);
    }

    /** True when the sender may believe that the request was taken. */
    boolean accepts() {
        return (kind == Kind.WHOLE || kind == Kind.LARGE) && status >= 200 && status < 300;
    }

    /** Reads a behaviour from the parameters of the control path: {@code kind, status, retry_after, delay}. */
    static Answer from(Map<String, String> parameters) {
        return new Answer(
                Kind.valueOf(parameters.getOrDefault("kind", "whole").toUpperCase(java.util.Locale.ROOT)),
                Integer.parseInt(parameters.getOrDefault("status", "200")),
                parameters.get("retry_after"),
                Long.parseLong(parameters.getOrDefault("delay", "0")));
    }
}
