package io.serai.door;

import java.util.List;

/** A request that gets an error answer. Its texts are ours and safe to show; a cause is never kept. */
public final class Refusal extends RuntimeException {
    private final ErrorCode code;
    private final transient List<Detail> details;
    private final Integer retryAfterSeconds;
    private final String allowed;

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
        this(code, message, details, retryAfterSeconds, null);
    }

    private Refusal(ErrorCode code, String message, List<Detail> details, Integer retryAfterSeconds, String allowed) {
        super(message, null, false, false);
        this.code = code;
        this.details = details;
        this.retryAfterSeconds = retryAfterSeconds;
        this.allowed = allowed;
    }

    /** @param allowed the methods that the path takes, as the header Allow has them (RFC 9110, 15.5.6) */
    static Refusal method(String message, String allowed) {
        return new Refusal(ErrorCode.METHOD_NOT_ALLOWED, message, List.of(), null, allowed);
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

    /** The methods that the path takes; null unless another one is what was wrong. */
    String allowed() {
        return allowed;
    }
}
