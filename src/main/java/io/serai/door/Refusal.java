package io.serai.door;

import java.util.List;

/** A request that gets an error answer. Its texts are ours and safe to show; a cause is never kept. */
public final class Refusal extends RuntimeException {
    private final ErrorCode code;
    private final transient List<Detail> details;
    private final Integer retryAfterSeconds;

    /** One field at fault, as a canonical path, and what is wrong with it. */
    public record Detail(String field, String problem) {}

    public Refusal(ErrorCode code, String message) {
        this(code, message, List.of(), null);
    }

    public Refusal(ErrorCode code, String message, List<Detail> details) {
        this(code, message, details, null);
    }

    /** @param retryAfterSeconds when the sender may try again; null when trying again does not help */
    public Refusal(ErrorCode code, String message, List<Detail> details, Integer retryAfterSeconds) {
        super(message, null, false, false);
        this.code = code;
        this.details = details;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public ErrorCode code() {
        return code;
    }

    public List<Detail> details() {
        return details;
    }

    public Integer retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
