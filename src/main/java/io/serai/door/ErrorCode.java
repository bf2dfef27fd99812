package io.serai.door;

/** The codes of an error answer: those of the chat-ops reference (S9) and our own, each with its HTTP status and remedy. */
public enum ErrorCode {
    MALFORMED_BODY(400, "Send one JSON document (RFC 8259) in UTF-8."),
    VALIDATION_ERROR(400, "Check the request's structure."),
    AUTHENTICATION_FAILED(401, "Send a valid key or signature."),
    PERMISSION_DENIED(403, "Use a key with the scope that this path needs."),
    CONNECTION_FAILED(400, "Check the provider's address, its credential and the scopes of that."),
    NOT_FOUND(404, "Check the path."),
    METHOD_NOT_ALLOWED(405, "Use a method that this path takes."),
    TOO_LARGE(413, "Send fewer alerts in one request."),
    TARGET_TOO_LONG(414, "Send a shorter path and query."),
    HEAD_TOO_LARGE(431, "Send fewer or shorter header fields."),
    UNSUPPORTED_MEDIA_TYPE(415, "Send the body plain in UTF-8, without content encoding and not as multipart."),
    MAPPING_FAILED(422, "Correct the named fields; the body is kept in quarantine and can be replayed."),
    CONFIGURATION_REFUSED(422, "Correct what is named; what ran before runs on."),
    RATE_LIMITED(429, "Wait for the time given and send again."),
    INTERNAL_ERROR(500, "Send again; give the request id to the operator."),
    OVERLOADED(503, "Wait for the time given and send again.");

    private final int status;
    private final String resolution;

    ErrorCode(int status, String resolution) {
        this.status = status;
        this.resolution = resolution;
    }

    public int status() {
        return status;
    }

    public String resolution() {
        return resolution;
    }
}
