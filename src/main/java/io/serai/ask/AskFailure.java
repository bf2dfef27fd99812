package io.serai.ask;

import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.poll.ReadFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A provider's system did not give what it was asked for, and of what kind that is: credential, quota, answer, way (O7,
 * O11). The sentence is ours: never an address, a credential or what the system wrote.
 */
public final class AskFailure extends RuntimeException {
    private final transient ReadFailure failure;
    private final int status;

    /** @param status of the system's HTTP answer; 0 when there was none */
    AskFailure(ReadFailure failure, int status) {
        super(failure.sentence(), null, false, false);
        this.failure = failure;
        this.status = status;
    }

    /** A failure of the answer itself. */
    static AskFailure answer(String sentence) {
        return new AskFailure(new ReadFailure(ReadFailure.Kind.API, sentence, false, Optional.empty()), 0);
    }

    public ReadFailure.Kind kind() {
        return failure.kind();
    }

    public Optional<Duration> retryAfter() {
        return failure.retryAfter();
    }

    boolean notFound() {
        return status == 404;
    }

    /** True when the system said no, so that nothing was changed over there. */
    boolean refused() {
        return status >= 400 && status < 500;
    }

    /**
     * What whoever asked is told. An exhausted quota is answered as one, so that who asks waits; everything else is a failed
     * connection.
     *
     * @param before what came to nothing: {@code Failed to fetch alerts: }
     */
    Refusal refusal(String before) {
        return refusal(
                before, kind() == ReadFailure.Kind.RATE_LIMIT ? ErrorCode.RATE_LIMITED : ErrorCode.CONNECTION_FAILED);
    }

    Refusal refusal(String before, ErrorCode code) {
        return new Refusal(
                code,
                before + getMessage() + ".",
                List.of(new Refusal.Detail("failure", kind().word())),
                retryAfter().map(wait -> (int) Math.max(1, wait.toSeconds())).orElse(null));
    }
}
