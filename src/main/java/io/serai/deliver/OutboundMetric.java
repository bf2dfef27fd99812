package io.serai.deliver;

import java.time.Duration;

/**
 * What one attempt to send looked like from outside (G3 to G7): the answer's own words ({@link Api}), the HTTP exchange
 * ({@link Http}), and the whole call of the notifier ({@link Sdk}). Those of one attempt share its transaction id. None
 * holds a query, a header that was sent, a body or a secret (G7, P10).
 */
public sealed interface OutboundMetric {

    /** Which of the three. */
    enum Family {
        API,
        HTTP,
        SDK
    }

    Family family();

    Common common();

    /**
     * @param transactionId UUID of the attempt (G4)
     * @param resourcePath  as the notifier's route names it, never taken from the address: a path may be the secret
     * @param retryCount    0 on the first try
     */
    record Common(
            String transactionId,
            String destination,
            String notifier,
            String resourcePath,
            Duration duration,
            int retryCount) {}

    /**
     * What the answer's headers said (G5); null for what it did not say.
     *
     * @param responseTime the receiver's own {@code X-Response-Time}, as written
     */
    record Api(
            Common common,
            String requestId,
            String responseTime,
            String rateLimitState,
            String rateLimitReason,
            String rateLimitPeriod)
            implements OutboundMetric {
        @Override
        public Family family() {
            return Family.API;
        }
    }

    /**
     * One HTTP exchange (G6).
     *
     * @param error      kind of the failure on the wire; null when there was an answer
     * @param statusCode 0 without an answer
     */
    record Http(Common common, String method, int statusCode, String error) implements OutboundMetric {
        @Override
        public Family family() {
            return Family.HTTP;
        }
    }

    /**
     * The whole call of the notifier, whatever it speaks (G7).
     *
     * @param result       {@code delivered}, {@code retry}, {@code permanent} or {@code not_sent}
     * @param errorMessage one sentence; null when it was delivered
     */
    record Sdk(Common common, String result, String errorMessage) implements OutboundMetric {
        @Override
        public Family family() {
            return Family.SDK;
        }
    }
}
