package io.serai.door;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.List;

/**
 * How often a credential may ask. People have the limits of people. Machines, which send alerts, have a larger class: requests
 * per second and credential, with a burst of two seconds' worth; zero means no limit.
 */
public final class RateLimit {
    private final int perSecond;
    private final PeopleLimits people;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(Duration.ofMinutes(5))
            .build();

    /** For machines only. */
    public RateLimit(int perSecond) {
        this(perSecond, null);
    }

    public RateLimit(int perSecond, PeopleLimits people) {
        this.perSecond = perSecond;
        this.people = people;
    }

    /**
     * @return where a person stands, who may be refused by it; null for a machine
     * @throws Refusal 429 for a machine, with the seconds to wait
     */
    Standing take(Principal principal, Access access) {
        if (principal.person() != null && people != null) {
            return people.take(principal.person());
        }
        if (perSecond > 0 && !(access instanceof Access.Open)) {
            take(principal.id());
        }
        return null;
    }

    private void take(String credential) {
        Bucket bucket = buckets.get(credential, id -> Bucket.builder()
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
