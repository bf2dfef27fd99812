package io.serai.notify;

/** An answer of Twilio other than 2xx, on its way through the SDK, which knows no checked exceptions. */
final class TwilioRefusal extends RuntimeException {
    private final int status;
    private final int code;
    private final String retryAfter;

    /**
     * @param code       Twilio's own, such as 21610; 0 when the answer has none
     * @param retryAfter the header as it came; null without one
     */
    TwilioRefusal(int status, int code, String retryAfter) {
        super("Twilio answered " + status + (code == 0 ? "" : " with code " + code), null, false, false);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    String retryAfter() {
        return retryAfter;
    }
}
