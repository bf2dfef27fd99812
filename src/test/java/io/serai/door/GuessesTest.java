package io.serai.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Fault 61: who guesses is slowed, and who is behind the same address and right gets in. */
class GuessesTest {
    private static final int LIMIT = 5;
    private static final Access ACME = new Access.Ingest("acme");
    private static final Access FORCED = new Access.Ingest("forced");
    private static final Access READ = new Access.Scope("read");

    private int looks;

    private final KeyVerifier keys = new KeyVerifier() {
        @Override
        public Optional<Principal> remembered(String presented) {
            return switch (presented) {
                case "sender" -> Optional.of(new Principal("k1", Set.of("ingest:*")));
                case "reader" -> Optional.of(new Principal("k2", Set.of("read")));
                case "both" -> Optional.of(new Principal("k3", Set.of("ingest:*", "read")));
                default -> Optional.empty();
            };
        }

        @Override
        public Optional<Principal> verify(String presented) {
            looks++;
            return presented.equals("new") ? Optional.of(new Principal("k4", Set.of("read"))) : Optional.empty();
        }
    };

    private final DoorKeeper keeper = new DoorKeeper(
            keys,
            new NoSecrets() {
                @Override
                public Optional<Basic> basic(String provider, String instance) {
                    return provider.equals("acme") ? Optional.of(new Basic("acme", "s3cret")) : Optional.empty();
                }

                @Override
                public boolean keyInQuery(String provider) {
                    return provider.equals("forced");
                }
            },
            LIMIT);

    private static Arrival from(String address, String header, String value, String queryKey) {
        return new Arrival(
                "r1",
                Instant.EPOCH,
                "POST",
                "/",
                queryKey == null ? Map.of() : Map.of("api_key", List.of(queryKey)),
                header == null ? Map.of() : Map.of(header, List.of(value)),
                new byte[0],
                address,
                null);
    }

    private ErrorCode refused(String address, String header, String value, Access access) {
        Refusal refusal = catchThrowableOfType(
                Refusal.class, () -> keeper.authenticate(from(address, header, value, null), access));
        return refusal == null ? null : refusal.code();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private void guess(String address, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(refused(address, "x-api-key", "guess " + i, READ)).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
        }
    }

    @Test
    void beyondTheLimitNothingIsLookedUpForAGuesser() {
        guess("192.0.2.1", LIMIT);
        assertThat(looks).isEqualTo(LIMIT);
        Refusal refusal = catchThrowableOfType(
                Refusal.class, () -> keeper.authenticate(from("192.0.2.1", "x-api-key", "new", null), READ));
        assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refusal.retryAfterSeconds()).isEqualTo(12);
        assertThat(looks).isEqualTo(LIMIT);
        assertThat(refused("192.0.2.2", "x-api-key", "new", READ))
                .as("another address")
                .isNull();
    }

    @Test
    void aRightKeyGetsInFromTheGuessersAddress() {
        guess("192.0.2.1", LIMIT);
        assertThat(refused("192.0.2.1", "x-api-key", "reader", READ)).isNull();
        assertThat(refused("192.0.2.1", "authorization", "Bearer sender", ACME)).isNull();
        assertThat(refused("192.0.2.1", "authorization", basic("api_key", "sender"), ACME))
                .isNull();
    }

    @Test
    void aPasswordGetsInWhereItWasRightBefore() {
        String right = basic("acme", "s3cret");
        assertThat(refused("192.0.2.1", "authorization", right, ACME)).isNull();
        for (String address : List.of("192.0.2.1", "192.0.2.2")) {
            for (int i = 0; i < LIMIT; i++) {
                assertThat(refused(address, "authorization", basic("acme", "guess " + i), ACME))
                        .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
            }
            assertThat(refused(address, "authorization", basic("acme", "one more"), ACME))
                    .isEqualTo(ErrorCode.RATE_LIMITED);
        }
        assertThat(refused("192.0.2.1", "authorization", right, ACME)).isNull();
        assertThat(refused("192.0.2.2", "authorization", right, ACME))
                .as("perhaps guessed")
                .isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void oneNetworkOfIpv6IsOneAddress() {
        for (int i = 0; i < LIMIT; i++) {
            guess("2001:db8:0:1::" + i, 1);
        }
        assertThat(refused("2001:db8:0:1:ffff::1", "x-api-key", "guess", READ)).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refused("2001:db8:0:2::1", "x-api-key", "guess", READ)).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    }

    @Test
    void noCredentialIsNoGuess() {
        for (int i = 0; i < 3 * LIMIT; i++) {
            assertThat(refused("192.0.2.1", null, null, READ)).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
        }
    }

    /** K6: a key in the address only where the folder says that the vendor forces it, and only one that may only send. */
    @Test
    void aKeyInTheAddressIsTakenWhereTheFolderSaysSo() {
        assertThat(keeper.authenticate(from("192.0.2.1", null, null, "sender"), FORCED)
                        .id())
                .isEqualTo("k1");
        for (Arrival arrival : List.of(from("192.0.2.1", null, null, "both"), from("192.0.2.1", null, null, "guess"))) {
            Refusal refusal = catchThrowableOfType(Refusal.class, () -> keeper.authenticate(arrival, FORCED));
            assertThat(refusal.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
        }
        for (Access elsewhere : List.of(ACME, READ, new Access.IngestAny())) {
            Refusal refusal = catchThrowableOfType(
                    Refusal.class, () -> keeper.authenticate(from("192.0.2.1", null, null, "sender"), elsewhere));
            assertThat(refusal.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
        }
    }
}
