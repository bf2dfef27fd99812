package io.serai.door;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.List;

/** Requests per second and credential, with a burst of two seconds' worth. Zero means no limit. */
public final class RateLimit {
    private final int perSecond;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(Duration.ofMinutes(5))
            .build();

    public RateLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    /** @throws Refusal 429 with the seconds to wait */
    void take(Principal principal, Access access) {
        if (perSecond == 0 || access instanceof Access.Open) {
            return;
        }
        Bucket bucket = buckets.get(principal.id(), id -> Bucket.builder()
                .addLimit(limit -> limit.capacity(2L * perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build());
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            int seconds = (int) Math.max(1, Math.ceil(probe.getNanosToWaitForRefill() / 1e9));
            throw new Refusal(
                    ErrorCode.RATE_LIMITED,
                    "This key sends more than " + perSecond + " requests a second.",
                    List.of(),
                    seconds);
        }
    }
}
