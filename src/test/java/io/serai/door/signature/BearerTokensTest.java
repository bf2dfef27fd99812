package io.serai.door.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.Hub;
import io.serai.config.ConfigurationError;
import io.serai.json.StrictJson;
import io.serai.record.FreshStore;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault 55: tokens of an identity service, over HTTP at a folder that declares them, and its keys over time. */
class BearerTokensTest {
    private static final String PATH = "/api/alerts/event/cloudevents";
    private static final String EVENT =
            """
            {"specversion":"1.0","id":"1","source":"/ferry","type":"org.example.queue.fired","subject":"queue-7",
            "data":{"severity":"high","title":"Queue 7 is stuck"}}""";
    private static KeyPair ours;
    private static KeyPair other;

    @TempDir
    Path folder;

    private final AtomicInteger read = new AtomicInteger();
    private volatile KeyPair published = ours;
    private volatile int status = 200;
    private HttpServer issuer;

    @BeforeAll
    static void keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        ours = generator.generateKeyPair();
        other = generator.generateKeyPair();
    }

    @BeforeEach
    void start() throws IOException {
        published = ours;
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/metadata", exchange -> answer(exchange, "{\"jwks_uri\":\"" + url("/keys") + "\"}"));
        issuer.createContext("/keys", exchange -> {
            read.incrementAndGet();
            answer(exchange, jwks());
        });
        issuer.start();
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + issuer.getAddress().getPort() + path;
    }

    private String jwks() {
        RSAPublicKey key = (RSAPublicKey) published.getPublic();
        ObjectNode set = StrictJson.mapper().createObjectNode();
        ArrayNode keys = set.putArray("keys");
        keys.addObject()
                .put("kty", "RSA")
                .put("use", "sig")
                .put("kid", published == ours ? "k1" : "k2")
                .put("n", base64(key.getModulus()))
                .put("e", base64(key.getPublicExponent()));
        return set.toString();
    }

    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    private static JWTCreator.Builder good() {
        Instant now = Instant.now();
        return JWT.create()
                .withKeyId("k1")
                .withIssuer("https://sts.example.org/")
                .withAudience("serai")
                .withClaim("tid", "tenant-1")
                .withNotBefore(now.minusSeconds(10))
                .withExpiresAt(now.plusSeconds(600));
    }

    private static String signed(JWTCreator.Builder token) {
        return token.sign(rs256(ours));
    }

    private static Algorithm rs256(KeyPair pair) {
        return Algorithm.RSA256((RSAPublicKey) pair.getPublic(), (RSAPrivateKey) pair.getPrivate());
    }

    private Map<String, String> settings() {
        return new HashMap<>(Map.of(
                "serai.egress.hosts", "127.0.0.1",
                "serai.door.guesses", "1000",
                "serai.provider.cloudevents.token-metadata", url("/metadata"),
                "serai.provider.cloudevents.token-issuer", "https://sts.example.org/",
                "serai.provider.cloudevents.token-audience", "other,serai",
                "serai.provider.cloudevents.token-tenant", "tenant-1"));
    }

    @Test
    void onlyAWholeTokenOfTheConfiguredIssuerLetsIn() throws Exception {
        Instant now = Instant.now();
        byte[] publicKey = ours.getPublic().getEncoded();
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("alg none", good().sign(Algorithm.none()));
        bad.put("HS256 with the public key", good().sign(Algorithm.HMAC256(publicKey)));
        bad.put("RS512", good().sign(Algorithm.RSA512((RSAPublicKey) ours.getPublic(), (RSAPrivateKey)
                ours.getPrivate())));
        bad.put("another's key under our kid", good().sign(rs256(other)));
        bad.put("no kid", signed(good().withKeyId(null)));
        bad.put("unknown kid", signed(good().withKeyId("k9")));
        bad.put("other issuer", signed(good().withIssuer("https://sts.example.org.evil.example/")));
        bad.put("other audience", signed(good().withAudience("somebody")));
        bad.put("other tenant", signed(good().withClaim("tid", "tenant-2")));
        bad.put("no tenant", signed(good().withClaim("tid", (String) null)));
        bad.put("ended", signed(good().withExpiresAt(now.minusSeconds(310))));
        bad.put("not yet", signed(good().withNotBefore(now.plusSeconds(360))));
        bad.put("endless", signed(good().withExpiresAt((Instant) null)));
        bad.put(
                "brings its own key",
                good().withHeader(Map.of("jku", url("/evil"), "x5u", url("/evil")))
                        .withKeyId("evil")
                        .sign(rs256(other)));
        bad.put("not a token", "a.b.c");
        bad.put("empty", "");
        try (Hub hub = new Hub(folder, settings())) {
            bad.forEach((what, token) -> assertThat(post(hub, token)).as(what).isEqualTo(401));
            assertThat(hub.post(PATH, EVENT, "X-API-KEY", hub.key()).statusCode())
                    .as("a key is no way round")
                    .isEqualTo(401);
            assertThat(FreshStore.number(hub.store(), "select count(*) from receipt"))
                    .isZero();
            assertThat(post(hub, signed(good()))).isEqualTo(202);
            assertThat(post(hub, signed(good().withExpiresAt(now.minusSeconds(200)))))
                    .as("ended within the skew")
                    .isEqualTo(202);
            assertThat(post(hub, signed(good().withNotBefore(now.plusSeconds(200)))))
                    .as("begins within the skew")
                    .isEqualTo(202);
            assertThat(read).as("times that the keys were read").hasValue(1);
        }
    }

    private static int post(Hub hub, String token) {
        try {
            return hub.post(PATH, EVENT, "Authorization", "Bearer " + token).statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void keysAreReadOnceAMinuteAtMostAndOutliveTheirIssuer() {
        Now now = new Now();
        KeySet keys = new KeySet(URI.create(url("/metadata")), new MetadataReader(), now);
        assertThat(keys.key("k1")).contains((RSAPublicKey) ours.getPublic());
        for (int i = 0; i < 1_000; i++) {
            assertThat(keys.key("storm-" + i)).isEmpty();
        }
        assertThat(read).hasValue(1);

        published = other;
        now.pass(Duration.ofSeconds(61));
        assertThat(keys.key("k2")).as("a new key is found").isPresent();
        assertThat(keys.key("k1")).as("one that was withdrawn is gone").isEqualTo(Optional.empty());
        assertThat(read).hasValue(2);

        status = 500;
        now.pass(Duration.ofDays(2));
        assertThat(keys.key("k2")).as("the issuer does not answer").isPresent();
    }

    @Test
    void halfASettingStopsTheStart() {
        Map<String, String> half = settings();
        half.remove("serai.provider.cloudevents.token-issuer");
        assertThatThrownBy(() -> new Hub(folder, half).close())
                .isInstanceOf(ConfigurationError.class)
                .hasMessageContaining("serai.provider.cloudevents.token-issuer");
    }

    private static final class Now extends Clock {
        private Instant instant = Instant.now();

        void pass(Duration duration) {
            instant = instant.plus(duration);
        }

        @Override
        public Instant instant() {
            return instant;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
