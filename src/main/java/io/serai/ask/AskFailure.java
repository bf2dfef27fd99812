package io.serai.ask;

import io.serai.poll.ReadFailure;
import java.time.Duration;
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
}
