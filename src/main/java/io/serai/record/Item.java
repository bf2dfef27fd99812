package io.serai.record;

import io.serai.alert.Fingerprint;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import java.time.Instant;

/** One member of a request: an alert, or what could not become one. */
public sealed interface Item {

    /**
     * A mapped alert.
     *
     * @param digest    of what makes a change: status, severity and title
     * @param eventTime when the sender says that it spoke this word; null when it does not say
     * @param content   the canonical alert as one JSON object, without id, count and receive times
     */
    record Mapped(
            Fingerprint fingerprint, Status status, Severity severity, long digest, Instant eventTime, String content)
            implements Item {}

    /**
     * What could not be mapped.
     *
     * @param field  the canonical field that is missing or wrong, as a path; empty when the whole item is
     * @param reason one sentence for the sender and the operator
     */
    record Unmapped(String field, String reason) implements Item {}
}
