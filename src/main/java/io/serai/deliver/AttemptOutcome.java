package io.serai.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/** The bean {@code attemptOutcome}: what the route {@code alert-deliver} says about one attempt. */
public final class AttemptOutcome {

    /** The notifier's route came to its end. */
    public void delivered(
            @Variable("attempt") Attempt attempt,
            @Variable("reference") String reference,
            @Variable("result") ObjectNode result) {
        attempt.ended(Outcome.delivered(reference, result));
    }

    /**
     * The notifier's route failed. What the same request would meet again is its own fault and ends here, so that it does
     * not open the breaker.
     *
     * @throws SendFailure for everything else, for the breaker to see
     */
    public void failed(
            @Variable("attempt") Attempt attempt,
            @Variable("result") ObjectNode result,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause)
            throws SendFailure {
        SendFailure failure = Failures.classify(cause);
        if (!failure.isPermanent()) {
            throw failure;
        }
        attempt.ended(Outcome.failed(failure, result));
    }

    /**
     * The fallback. It ends normally, which Camel takes for success, so it must leave the truth here: nothing was sent
     * when the breaker was open (no exception, or the breaker's own), otherwise the send failed.
     */
    public void postponed(
            @Variable("attempt") Attempt attempt,
            @Variable("result") ObjectNode result,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        if (failure == null || failure instanceof CircuitBreakerOpenException) {
            attempt.ended(Outcome.notSent("the circuit breaker is open"));
        } else {
            attempt.ended(Outcome.failed(Failures.classify(failure), result));
        }
    }
}
