package io.serai.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.door.Arrival;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.provider.ProviderSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages of Amazon SNS as the routes see them: bean {@code sns}. The sender has proven a key already; here the topics
 * and the signature that an operator asks for are checked, and a subscription is confirmed once its signature is
 * verified. Java, because a signature with a certificate and two addresses out of the body are no work for a mapping.
 */
public final class SnsMessages implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnsMessages.class);
    private static final String PROVIDER = "cloudwatch";
    private static final String SUBSCRIPTION = "SubscriptionConfirmation";
    private static final Duration FRESH = Duration.ofHours(1);
    private static final int RETRY_SECONDS = 60;
    private static final int WAITING = 16;
    private static final long STOP_SECONDS = 5;

    private final ProviderSettings settings;
    private final Clock clock;
    private final Reader reader;
    private final SigningCertificates certificates;
    private final ThreadPoolExecutor confirming =
            new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), SnsMessages::thread);

    /** Reads one address, whole. */
    interface Reader {
        /** @throws IOException when it does not answer 200 in time */
        byte[] read(URI address) throws IOException;
    }

    public SnsMessages(ProviderSettings settings, Clock clock) {
        this(settings, clock, new AwsReader());
    }

    SnsMessages(ProviderSettings settings, Clock clock, Reader reader) {
        this.settings = settings;
        this.clock = clock;
        this.reader = reader;
        certificates = new SigningCertificates(reader, clock);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "sns-confirmation");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Lets a body pass as it is, and has a subscription confirmed beside it. What is polled or replayed was let in before.
     *
     * @throws Refusal 401 for a signature that is missing or wrong, 403 for a topic that may not send, 503 when the
     *     certificate cannot be read now
     */
    public JsonNode admit(@Body JsonNode body, Exchange exchange) {
        String instance = exchange.getVariable("instance", "default", String.class);
        Arrival arrival = exchange.getVariable("arrival", Arrival.class);
        boolean verified = false;
        if (arrival != null) {
            topic(instance, body, arrival);
            if (!mode(instance).equals("unchecked")) {
                verify(body, instance);
                verified = true;
            }
        }
        if (body.path("Type").asText().equals(SUBSCRIPTION)) {
            subscription(body, instance, verified);
        }
        return body;
    }

    private void topic(String instance, JsonNode body, Arrival arrival) {
        List<String> allowed = settings.value(PROVIDER, instance, "topics")
                .map(topics ->
                        Arrays.stream(topics.split(",")).map(String::strip).toList())
                .orElse(List.of());
        if (allowed.isEmpty()) {
            return;
        }
        String header = arrival.header("x-amz-sns-topic-arn");
        String topic = body.path("TopicArn").asText(header == null ? "" : header);
        if (!allowed.contains(topic)) {
            throw new Refusal(ErrorCode.PERMISSION_DENIED, "This topic may not send here.");
        }
    }

    private String mode(String instance) {
        return settings.value(PROVIDER, instance, "signature").orElse("unchecked");
    }

    private void verify(JsonNode message, String instance) {
        try {
            String fault = fault(message, mode(instance).equals("v2"), true);
            if (fault != null) {
                throw new Refusal(ErrorCode.AUTHENTICATION_FAILED, "The signature of SNS is missing or wrong.");
            }
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.OVERLOADED, "The certificate of SNS cannot be read now.", List.of(), RETRY_SECONDS);
        }
    }

    /** Why the message is not SNS's own, as a sentence part; null when it is. */
    private String fault(JsonNode message, boolean newOnly, boolean freshOnly) throws IOException {
        if (newOnly && !message.path("SignatureVersion").asText().equals("2")) {
            return "its signature is not of version 2";
        }
        Optional<URI> address =
                SnsAddress.certificate(message.path("SigningCertURL").asText());
        if (address.isEmpty()) {
            return "its certificate does not lie at AWS";
        }
        if (freshOnly && !fresh(message.path("Timestamp").asText())) {
            return "it is older than an hour";
        }
        return SnsSignature.matches(message, certificates.at(address.get())) ? null : "its signature is wrong";
    }

    private boolean fresh(String timestamp) {
        try {
            return Duration.between(Instant.parse(timestamp), clock.instant())
                            .abs()
                            .compareTo(FRESH)
                    <= 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void subscription(JsonNode message, String instance, boolean verified) {
        String topic = message.path("TopicArn").asText();
        if (!settings.value(PROVIDER, instance, "confirm").orElse("true").equals("true")) {
            LOG.info("a subscription to {} waits for its SubscribeURL to be visited", topic);
            return;
        }
        try {
            confirming.execute(() -> confirm(message, topic, instance, verified));
        } catch (RejectedExecutionException e) {
            LOG.warn("the subscription to {} was not confirmed: too many wait; replay its receipt", topic);
        }
    }

    private void confirm(JsonNode message, String topic, String instance, boolean verified) {
        try {
            // A replay by the operator may come later than an hour: the token decides how long it is good.
            String fault = verified ? null : fault(message, mode(instance).equals("v2"), false);
            Optional<URI> link =
                    SnsAddress.confirmation(message.path("SubscribeURL").asText(), topic);
            if (fault != null || link.isEmpty()) {
                LOG.warn(
                        "the subscription to {} was not confirmed: {}",
                        topic,
                        fault != null ? fault : "its link does not lead to SNS");
                return;
            }
            reader.read(link.get());
            LOG.info("the subscription to {} is confirmed", topic);
        } catch (IOException e) {
            LOG.warn("the subscription to {} was not confirmed: {}; replay its receipt", topic, e.getMessage());
        }
    }

    @Override
    public void close() {
        confirming.shutdown();
        try {
            if (!confirming.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                confirming.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
