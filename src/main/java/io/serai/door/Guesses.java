package io.serai.door;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * How many wrong credentials an address may try (guarded fault 61). Beyond that nothing that has to be found out first is
 * found out for it. What is known to be right still gets in: a key that is held in memory, and a secret that this address
 * has proved before; so nobody behind the same proxy is locked out by a guesser.
 */
final class Guesses {
    private static final int MANY = 100_000;
    private static final int SECONDS = 60;
    private static final Duration REMEMBERED = Duration.ofHours(24);

    private final int perMinute;
    private final Cache<String, Bucket> wrong = Caffeine.newBuilder()
            .maximumSize(MANY)
            .expireAfterAccess(Duration.ofSeconds(2 * SECONDS))
            .build();
    private final Cache<Proof, Boolean> proofs =
            Caffeine.newBuilder().maximumSize(MANY).expireAfterWrite(REMEMBERED).build();

    private record Proof(String address, String secret) {}

    Guesses(int perMinute) {
        this.perMinute = perMinute;
    }

    /** @throws Refusal 429 when this address has guessed enough for now */
    void check(String address) {
        Bucket bucket = wrong.getIfPresent(network(address));
        if (bucket != null && bucket.getAvailableTokens() == 0) {
            throw new Refusal(
                    ErrorCode.RATE_LIMITED,
                    "This address has tried too many wrong credentials.",
                    List.of(),
                    Math.max(1, SECONDS / perMinute));
        }
    }

    /** As {@link #check}, unless the address has shown this secret to be its own. */
    void check(String address, String secret) {
        Bucket bucket = wrong.getIfPresent(network(address));
        if (bucket != null && proofs.getIfPresent(new Proof(address, secret)) == null) {
            check(address);
        }
    }

    void right(String address, String secret) {
        Proof proof = new Proof(address, secret);
        if (proofs.getIfPresent(proof) == null) {
            proofs.put(proof, true);
        }
    }

    void wrong(String address) {
        wrong.get(network(address), any -> Bucket.builder()
                        .addLimit(
                                limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofSeconds(SECONDS)))
                        .build())
                .tryConsume(1);
    }

    /** Whoever has one IPv6 address has all of its /64. */
    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), 8))
                    : parsed.getHostAddress();
        } catch (UnknownHostException notLiteral) {
            return address;
        }
    }
}
