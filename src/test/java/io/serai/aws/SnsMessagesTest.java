package io.serai.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.Arrival;
import io.serai.door.ErrorCode;
import io.serai.door.Principal;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import io.serai.record.SetClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 56: what SNS signs, and the two addresses that its messages carry. */
class SnsMessagesTest {
    private static final String TOPIC = "arn:aws:sns:eu-central-1:210987654321:oncall";
    private static final String V2 = "serai.provider.cloudwatch.signature";

    @TempDir
    static Path folder;

    private static Signer signer;
    private static Signer stranger;

    private final SetClock clock = new SetClock(Instant.parse("2031-03-17T08:30:00Z"));
    private final List<URI> asked = new CopyOnWriteArrayList<>();
    private boolean away;

    @BeforeAll
    static void certificates() throws Exception {
        signer = new Signer(folder);
        Path other = folder.resolve("stranger");
        assertThat(other.toFile().mkdir()).isTrue();
        stranger = new Signer(other);
    }

    private byte[] read(URI address) throws IOException {
        asked.add(address);
        if (away) {
            throw new IOException("away");
        }
        try {
            return address.getPath().endsWith(".pem") ? signer.pem() : "<ok/>".getBytes();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private SnsMessages messages(Map<String, String> settings) {
        return new SnsMessages(
                new ProviderSettings(settings, ProviderCatalog.load(Path.of("routes"))), clock, this::read);
    }

    /** Admits and waits until what goes on beside it has ended. */
    private JsonNode admit(Map<String, String> settings, JsonNode body) {
        try (SnsMessages messages = messages(settings)) {
            return messages.admit(body, pushed());
        }
    }

    private static Exchange pushed() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setVariable(
                "arrival",
                new Arrival(
                        "r-1",
                        Instant.parse("2031-03-17T08:30:00Z"),
                        "POST",
                        "/api/alerts/event/cloudwatch",
                        Map.of(),
                        Map.of(),
                        new byte[0],
                        "192.0.2.7",
                        new Principal("key-1", Set.of("ingest:*"))));
        return exchange;
    }

    private void refused(Map<String, String> settings, JsonNode body, ErrorCode code) {
        assertThatThrownBy(() -> admit(settings, body))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({"v2, 2, true", "v2, 1, false", "v1-or-v2, 1, true", "v1-or-v2, 2, true", "v1-or-v2, 3, false"})
    void takesTheVersionsThatAreAskedFor(String mode, String version, boolean good) throws Exception {
        ObjectNode message = signer.sign(Signer.notification(TOPIC), version);

        if (good) {
            assertThat(admit(Map.of(V2, mode), message)).isSameAs(message);
        } else {
            refused(Map.of(V2, mode), message, ErrorCode.AUTHENTICATION_FAILED);
        }
    }

    @Test
    void aSubjectMayBeAbsentAndNothingElse() throws Exception {
        ObjectNode without = Signer.notification(TOPIC);
        without.remove("Subject");
        assertThat(admit(Map.of(V2, "v2"), signer.sign(without, "2"))).isNotNull();

        for (String field : List.of("Message", "MessageId", "Timestamp", "TopicArn", "Signature", "SigningCertURL")) {
            ObjectNode less = signer.sign(Signer.notification(TOPIC), "2");
            less.remove(field);
            refused(Map.of(V2, "v2"), less, ErrorCode.AUTHENTICATION_FAILED);
        }
    }

    @Test
    void refusesWhatWasChangedSignedByAnotherOrIsOld() throws Exception {
        refused(
                Map.of(V2, "v2"),
                signer.sign(Signer.notification(TOPIC), "2").put("Message", "{}"),
                ErrorCode.AUTHENTICATION_FAILED);
        refused(Map.of(V2, "v2"), stranger.sign(Signer.notification(TOPIC), "2"), ErrorCode.AUTHENTICATION_FAILED);
        refused(
                Map.of(V2, "v2"),
                StrictJson.mapper().createObjectNode().put("AlarmName", "a").put("NewStateValue", "OK"),
                ErrorCode.AUTHENTICATION_FAILED);
        ObjectNode good = signer.sign(Signer.notification(TOPIC), "2");
        clock.forward(Duration.ofMinutes(62));
        refused(Map.of(V2, "v2"), good, ErrorCode.AUTHENTICATION_FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0abc.pem",
                "https://sns.eu-central-1.amazonaws.com.evil.example.org/SimpleNotificationService-0abc.pem",
                "https://sns.eu-central-1.amazonaws.com@evil.example.org/SimpleNotificationService-0abc.pem",
                "https://user:pw@sns.eu-central-1.amazonaws.com/SimpleNotificationService-0abc.pem",
                "https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-0abc.pem",
                "https://sns.eu-central-1.amazonaws.com/bucket/SimpleNotificationService-0abc.pem",
                "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0abc.pem?x=1",
                "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0abc.pem#x",
                "https://bucket.s3.amazonaws.com/SimpleNotificationService-0abc.pem",
                "https://SNS.eu-central-1.amazonaws.com\\@evil.example.org/SimpleNotificationService-0abc.pem",
                "https://169.254.169.254/latest/meta-data",
                "file:///etc/passwd",
                ""
            })
    void aCertificateThatDoesNotLieAtAwsIsNotAskedFor(String address) throws Exception {
        ObjectNode message = signer.sign(Signer.notification(TOPIC), "2").put("SigningCertURL", address);

        refused(Map.of(V2, "v2"), message, ErrorCode.AUTHENTICATION_FAILED);
        admit(Map.of(), signer.sign(Signer.confirmation(TOPIC), "2").put("SigningCertURL", address));

        assertThat(asked).isEmpty();
    }

    @Test
    void theCertificateIsReadOnceAndMustBeValidToday() throws Exception {
        ObjectNode message = signer.sign(Signer.notification(TOPIC), "2");
        try (SnsMessages messages = messages(Map.of(V2, "v2"))) {
            messages.admit(message, pushed());
            messages.admit(message, pushed());
            assertThat(asked).hasSize(1);

            clock.forward(Duration.ofDays(400));
            ObjectNode later =
                    Signer.notification(TOPIC).put("Timestamp", clock.instant().toString());
            assertThatThrownBy(() -> messages.admit(signer.sign(later, "2"), pushed()))
                    .isInstanceOf(Refusal.class);
        }
    }

    @Test
    void aCertificateThatCannotBeReadIsForLaterAndNotAskedForAgainAtOnce() throws Exception {
        away = true;
        ObjectNode message = signer.sign(Signer.notification(TOPIC), "2");
        try (SnsMessages messages = messages(Map.of(V2, "v2"))) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> messages.admit(message, pushed()))
                        .isInstanceOfSatisfying(Refusal.class, refusal -> {
                            assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
                            assertThat(refusal.retryAfterSeconds()).isPositive();
                        });
            }
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void aSubscriptionIsConfirmedOnceItsSignatureIsVerified() throws Exception {
        admit(Map.of(), signer.sign(Signer.confirmation(TOPIC), "1"));

        assertThat(asked).hasSize(2);
        assertThat(asked.get(1))
                .hasToString(Signer.confirmation(TOPIC).get("SubscribeURL").asText());
    }

    @Test
    void aSubscriptionThatIsNotProvenOrNotWantedIsNotConfirmed() throws Exception {
        admit(Map.of(), stranger.sign(Signer.confirmation(TOPIC), "2"));
        assertThat(asked).hasSize(1);

        asked.clear();
        admit(Map.of("serai.provider.cloudwatch.confirm", "false"), signer.sign(Signer.confirmation(TOPIC), "2"));
        refused(
                Map.of("serai.provider.cloudwatch.topics", TOPIC + "-other"),
                signer.sign(Signer.confirmation(TOPIC), "2"),
                ErrorCode.PERMISSION_DENIED);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/?Action=ConfirmSubscription&TopicArn=" + TOPIC,
                "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + TOPIC,
                "https://sns.eu-central-1.amazonaws.com/?Action=DeleteTopic&TopicArn=" + TOPIC,
                "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + TOPIC + "-other",
                "https://sns.eu-central-1.amazonaws.com/x?Action=ConfirmSubscription&TopicArn=" + TOPIC,
                "https://sns.eu-central-1.amazonaws.com"
            })
    void aSignedLinkThatLeadsElsewhereIsNotVisited(String link) throws Exception {
        admit(Map.of(), signer.sign(Signer.confirmation(TOPIC).put("SubscribeURL", link), "2"));

        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).getPath()).endsWith(".pem");
    }

    @Test
    void aReplayIsConfirmedLateAndNothingElseIsCheckedAgain() throws Exception {
        ObjectNode confirmation = signer.sign(Signer.confirmation(TOPIC), "2");
        clock.forward(Duration.ofHours(20));
        try (SnsMessages messages = messages(Map.of(V2, "v2"))) {
            messages.admit(confirmation, new DefaultExchange(new DefaultCamelContext()));
            messages.admit(Signer.notification(TOPIC), new DefaultExchange(new DefaultCamelContext()));
        }
        assertThat(asked).hasSize(2);
    }

    @Test
    void onlyTheTopicsThatAreNamedMaySend() {
        Map<String, String> settings = Map.of("serai.provider.cloudwatch.topics", "arn:aws:sns:x:1:a , " + TOPIC);
        assertThat(admit(settings, Signer.notification(TOPIC))).isNotNull();
        refused(settings, Signer.notification(TOPIC + "2"), ErrorCode.PERMISSION_DENIED);
        refused(settings, StrictJson.mapper().createObjectNode().put("AlarmName", "a"), ErrorCode.PERMISSION_DENIED);
    }
}
