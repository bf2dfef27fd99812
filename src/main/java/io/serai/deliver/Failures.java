package io.serai.deliver;

import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

/** What a failure that is no {@link SendFailure} means. Only its kind is told: exception texts may hold secrets (P10). */
final class Failures {
    private Failures() {}

    static SendFailure classify(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SendFailure known) {
                return known;
            }
            if (each instanceof JsonQueryException || each instanceof TypeConversionException) {
                return new SendFailure("the notifier's mapping failed on this alert");
            }
            if (each instanceof DirectConsumerNotAvailableException) {
                return retry("the notifier's route is not running");
            }
            if (each instanceof InterruptedException || each instanceof TimeoutException) {
                return retry("no end in time");
            }
        }
        return retry("failed (" + failure.getClass().getSimpleName() + ")");
    }

    private static SendFailure retry(String message) {
        return new SendFailure(SendFailure.Kind.RETRY, 0, message, null);
    }
}
