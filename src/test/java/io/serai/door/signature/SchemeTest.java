package io.serai.door.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.door.Arrival;
import io.serai.door.Principal;
import io.serai.door.ProviderSecrets;
import io.serai.door.Refusal;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** O13, fault 52: what the vendors publish of their signatures, against the schemes that the folders declare. */
class SchemeTest {
    private static final String ZEROS = "0".repeat(64);
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    private static final String GITHUB_SECRET = "It's a Secret to Everybody";
    private static final String GITHUB = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private static final String PAGERDUTY = "f344887cff078eed9545a0f339b9525c85cb7df7094f88e34b40f3b4878c7d74";
    private static final String PAGERDUTY_BODY = "{\"event\":{\"id\":\"01BRVGHKNT\"}}";
    private static final String SENTRY = "1ac73297c3692833cc2f07ecd925178a369e5476289f0ee2f87fa7725c74eaf1";
    private static final String SENTRY_BODY = "{\"action\":\"triggered\",\"data\":{}}";

    private final ProviderCatalog catalog = ProviderCatalog.load(Path.of("routes"));

    @Test
    void githubAsItsDocumentationSays() {
        assertThat(github("Hello, World!", "X-Hub-Signature-256", "sha256=" + GITHUB))
                .isTrue();
        assertThat(github("Hello, World! ", "X-Hub-Signature-256", "sha256=" + GITHUB))
                .isFalse();
        assertThat(github("Hello, World!", "X-Hub-Signature-256", GITHUB)).isFalse();
        assertThat(github("Hello, World!", "X-Hub-Signature-256", "sha256=")).isFalse();
        assertThat(github("Hello, World!", "X-Hub-Signature", "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"))
                .isFalse();
    }

    @Test
    void aSignatureThatIsSentTwiceIsRefused() {
        assertThatThrownBy(() -> github(
                        "Hello, World!",
                        "X-Hub-Signature-256",
                        "sha256=" + ZEROS,
                        "X-Hub-Signature-256",
                        "sha256=" + GITHUB))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void pagerDutySendsASignatureForEverySecret() {
        assertThat(pagerDuty("v1=" + PAGERDUTY)).isTrue();
        assertThat(pagerDuty("v1=" + ZEROS + ",v1=" + PAGERDUTY)).isTrue();
        assertThat(pagerDuty("v9=" + PAGERDUTY)).isFalse();
        assertThat(pagerDuty("v1=" + ZEROS)).isFalse();
        assertThat(pagerDuty(PAGERDUTY)).isFalse();
    }

    @Test
    void anySecretOfSeveralWillDo() {
        assertThat(matches("pagerduty", "older, pd-secret", PAGERDUTY_BODY, "X-PagerDuty-Signature", "v1=" + PAGERDUTY))
                .isTrue();
        assertThat(matches("pagerduty", "older,newer", PAGERDUTY_BODY, "X-PagerDuty-Signature", "v1=" + PAGERDUTY))
                .isFalse();
    }

    @Test
    void sentryWritesBareHex() {
        assertThat(matches("sentry", "sentry-secret", SENTRY_BODY, "Sentry-Hook-Signature", SENTRY))
                .isTrue();
        assertThat(matches("sentry", "sentry-secret", SENTRY_BODY, "Sentry-Hook-Signature", "sha256=" + SENTRY))
                .isFalse();
        assertThat(matches("sentry", "sentry-secret", SENTRY_BODY)).isFalse();
    }

    @Test
    void standardWebhooksSignIdAndTime() {
        Scheme scheme = new Scheme(
                "webhook-signature",
                "v1,{base64}",
                " ",
                "{id}.{timestamp}.{body}",
                "webhook-timestamp",
                "webhook-id",
                "base64",
                null,
                null,
                false);
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        String body = "{\"test\": 2432232314}";
        Instant sent = Instant.ofEpochSecond(1_614_265_330);
        String good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        String[] headers = {
            "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp", "1614265330", "webhook-signature", good
        };

        assertThat(matches(scheme, secret, body, sent, headers)).isTrue();
        assertThat(matches(scheme, secret, body, sent.plusSeconds(300), headers))
                .isTrue();
        assertThat(matches(scheme, secret, body, sent.plusSeconds(301), headers))
                .isFalse();
        assertThat(matches(scheme, secret, body, sent.minusSeconds(301), headers))
                .isFalse();
        headers[5] = "v1,MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA= v2,zzz " + good;
        assertThat(matches(scheme, secret, body, sent, headers)).isTrue();
        headers[5] = good.substring(0, 42);
        assertThat(matches(scheme, secret, body, sent, headers)).isFalse();
        headers[5] = good;
        assertThat(matches(scheme, "whsec_not base64!", body, sent, headers)).isFalse();
        assertThat(matches(scheme, "whsec_", body, sent, headers)).isFalse();
    }

    @Test
    void grafanaSignsTheTimeOnlyWhenToldTo() {
        Scheme timeless = new Scheme(
                "X-Grafana-Alerting-Signature",
                "{hex}",
                null,
                "{timestamp}:{body}",
                null,
                null,
                null,
                null,
                null,
                false);
        Scheme timed = timeless.with(null, "X-Timestamp", false);
        String bare = "3bcebf43c85d20bba6e3b6ba278af1d2ba3ab0d57de271b0ad30b833e851c5a6";
        String stamped = "ac18a483a582b60a883e974541afe25aa1026136163e94665649743324183ef1";

        assertThat(matches(timeless, "secret", "test message", NOW, "X-Grafana-Alerting-Signature", bare))
                .isTrue();
        assertThat(matches(
                        timed,
                        "secret",
                        "test message",
                        Instant.EPOCH,
                        "X-Timestamp",
                        "0",
                        "X-Grafana-Alerting-Signature",
                        stamped))
                .isTrue();
        assertThat(matches(timed, "secret", "test message", Instant.EPOCH, "X-Grafana-Alerting-Signature", bare))
                .isFalse();
    }

    @Test
    void zendeskSignsAnInstant() {
        Scheme scheme = new Scheme(
                "X-Zendesk-Webhook-Signature",
                "{base64}",
                null,
                "{timestamp}{body}",
                "X-Zendesk-Webhook-Signature-Timestamp",
                null,
                null,
                null,
                null,
                false);
        String[] headers = {
            "X-Zendesk-Webhook-Signature-Timestamp",
            "2026-01-02T03:04:05Z",
            "X-Zendesk-Webhook-Signature",
            "GqaeZDCId7YVzocgXcMlE9oUpRrfsH7qxVyH/QaO8qo="
        };

        assertThat(matches(scheme, "zendesk-secret", "{\"a\":1}", Instant.parse("2026-01-02T03:04:05Z"), headers))
                .isTrue();
        headers[1] = "yesterday";
        assertThat(matches(scheme, "zendesk-secret", "{\"a\":1}", Instant.parse("2026-01-02T03:04:05Z"), headers))
                .isFalse();
    }

    private boolean github(String body, String... headers) {
        return matches("github", GITHUB_SECRET, body, headers);
    }

    private boolean pagerDuty(String signature) {
        return matches("pagerduty", "pd-secret", PAGERDUTY_BODY, "X-PagerDuty-Signature", signature);
    }

    private boolean matches(String provider, String secret, String body, String... headers) {
        ProviderSettings settings =
                new ProviderSettings(Map.of("serai.provider." + provider + ".webhook-secret", secret), catalog);
        return matches(settings.hmac(provider, "default").orElseThrow(), body, NOW, headers);
    }

    private static boolean matches(Scheme scheme, String secret, String body, Instant now, String... headers) {
        return matches(new ProviderSecrets.Hmac(secret, scheme), body, now, headers);
    }

    private static boolean matches(ProviderSecrets.Hmac hmac, String body, Instant now, String... headers) {
        Map<String, List<String>> sent = new TreeMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            String value = headers[i + 1];
            sent.merge(
                    headers[i].toLowerCase(Locale.ROOT),
                    List.of(value),
                    (one, other) -> List.of(one.get(0), other.get(0)));
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Arrival arrival = new Arrival(
                "r1", now, "POST", "/", Map.of(), sent, bytes, "127.0.0.1", new Principal("anyone", Set.of()));
        return BodySignature.matches(hmac, arrival);
    }
}
