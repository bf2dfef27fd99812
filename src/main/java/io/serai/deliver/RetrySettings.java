package io.serai.deliver;

import io.serai.config.Family;
import java.util.Set;

/** Reads a retry policy: the one for all (G15), or what one destination sets otherwise. */
final class RetrySettings {
    static final Set<String> NAMES = Set.of(
            "retry.enabled",
            "retry.count",
            "retry.codes",
            "retry.delay-cap",
            "retry.budget",
            "retry.back-off",
            "retry.age-limit",
            "retry.retry-after-limit");

    private RetrySettings() {}

    /**
     * @param fallback where it says nothing
     * @throws io.serai.config.ConfigurationError for the first that is wrong
     */
    static RetryPolicy read(Family settings, RetryPolicy fallback) {
        boolean enabled = settings.flag("retry.enabled", fallback.enabled());
        String codes = settings.given("retry.codes");
        return new RetryPolicy(
                enabled,
                settings.integer("retry.count", fallback.count(), 0, 100),
                codes == null ? fallback.codes() : RetryCodes.parse(settings.key("retry.codes"), codes),
                settings.duration("retry.delay-cap", fallback.delayCap()),
                settings.duration("retry.budget", fallback.budget()),
                settings.decimal("retry.back-off", fallback.backOff(), 0, 100),
                settings.duration("retry.age-limit", fallback.ageLimit()),
                settings.duration("retry.retry-after-limit", fallback.retryAfterLimit()));
    }
}
