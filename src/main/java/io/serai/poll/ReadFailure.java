package io.serai.poll;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.serai.deliver.RetryAfter;
import io.serai.door.Refusal;
import io.serai.egress.AddressRefused;
import io.serai.egress.AnswerTooLong;
import io.serai.json.StrictJson;
import io.serai.provider.Jq;
import io.serai.provider.Provider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * Why a polled system could not be read, for a log line or a note: never its answer, an address or a credential.
 *
 * @param kind       what sort of failure it is (O7, O11)
 * @param sentence   the reason
 * @param permanent  true when asking again would give the same
 * @param retryAfter how long the polled system asked to be left alone
 */
public record ReadFailure(Kind kind, String sentence, boolean permanent, Optional<Duration> retryAfter) {
    /** What an operator has to look at: the credential, the quota, the system's answer, or the way to it. */
    public enum Kind {
        AUTH,
        RATE_LIMIT,
        API,
        CONNECTION;

        /** As answers have it: {@code rate_limit}. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of that word; empty for any other text. */
        private static Optional<Kind> of(String word) {
            return Arrays.stream(values())
                    .filter(each -> each.word().equals(word))
                    .findFirst();
        }
    }

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration QUOTA_WAIT = Duration.ofMinutes(1);

    /** @param failure what the HTTP client or a route threw */
    public static ReadFailure of(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof HttpOperationFailedException answer) {
                return answered(answer);
            }
            if (each instanceof CredentialRefused refused) {
                return new ReadFailure(Kind.AUTH, refused.getMessage(), false, Optional.empty());
            }
            if (each instanceof NothingToFetch nothing) {
                return new ReadFailure(Kind.API, nothing.getMessage(), true, Optional.empty());
            }
            if (each instanceof CircuitBreakerOpenException) {
                return passing("the system failed too often and is left alone for a while");
            }
            if (each instanceof Refusal) {
                return passing("the ledger did not take it");
            }
            if (each instanceof com.fasterxml.jackson.core.JsonProcessingException) {
                return passing("the system's answer is not JSON");
            }
            if (each instanceof IllegalStateException own && own.getCause() == null) {
                return passing(String.valueOf(own.getMessage()));
            }
            if (each instanceof AddressRefused) {
                return new ReadFailure(Kind.CONNECTION, each.getMessage(), false, Optional.empty());
            }
            if (each instanceof AnswerTooLong) {
                return passing(each.getMessage());
            }
            if (each instanceof IOException && each.getCause() == null) {
                return unreached(each);
            }
        }
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof IOException) {
                return unreached(each);
            }
        }
        return passing("reading failed (" + failure.getClass().getSimpleName() + ")");
    }

    /**
     * As {@link #of(Throwable)}, by what the provider's folder says of refusals whose HTTP status does not tell: AWS says 400
     * for a wrong key, and for a quota.
     *
     * @param connection null when the folder says nothing
     */
    public static ReadFailure of(Throwable failure, Provider.Connection connection) {
        if (connection != null && connection.failure() != null) {
            for (Throwable each = failure; each != null; each = each.getCause()) {
                if (each instanceof HttpOperationFailedException answer && answer.getResponseBody() != null) {
                    Optional<Kind> kind = meant(connection.failure(), answer.getResponseBody());
                    if (kind.isPresent()) {
                        return answered(kind.get(), answer.getStatusCode());
                    }
                }
            }
        }
        return of(failure);
    }

    private static Optional<Kind> meant(String jq, String body) {
        try {
            JsonNode json = StrictJson.read(body.getBytes(StandardCharsets.UTF_8));
            return Kind.of(Jq.compile(jq).apply(json, NullNode.getInstance()).asText());
        } catch (IOException noneOfItsOwn) {
            return Optional.empty();
        }
    }

    /** A refusal of this kind, by what the answer says and not by its status. */
    private static ReadFailure answered(Kind kind, int status) {
        String sentence =
                switch (kind) {
                    case AUTH -> "the system refuses the token (HTTP " + status + "): check it and its scopes";
                    case RATE_LIMIT -> "the system's quota is used up (HTTP " + status + ")";
                    case API, CONNECTION -> "the system answers HTTP " + status;
                };
        return new ReadFailure(
                kind, sentence, false, kind == Kind.RATE_LIMIT ? Optional.of(QUOTA_WAIT) : Optional.empty());
    }

    private static ReadFailure answered(HttpOperationFailedException answer) {
        int status = answer.getStatusCode();
        if (status == 401 || status == 403) {
            return answered(Kind.AUTH, status);
        }
        if (status == 429 || status == 503) {
            Duration wait = retryAfter(answer).orElse(status == 429 ? QUOTA_WAIT : Duration.ZERO);
            return new ReadFailure(
                    status == 429 ? Kind.RATE_LIMIT : Kind.API,
                    status == 429
                            ? "the system's quota is used up (HTTP 429)"
                            : "the system is not available (HTTP 503)",
                    false,
                    wait.isZero() ? Optional.empty() : Optional.of(wait));
        }
        boolean permanent = status == 400 || status == 404 || status == 410;
        return new ReadFailure(Kind.API, "the system answers HTTP " + status, permanent, Optional.empty());
    }

    private static Optional<Duration> retryAfter(HttpOperationFailedException answer) {
        if (answer.getResponseHeaders() == null) {
            return Optional.empty();
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(answer.getResponseHeaders());
        // A date is meant by the system's own clock, which the same answer tells.
        return RetryAfter.parse(headers.get("Retry-After"), date(headers.get("Date")))
                .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    private static Instant date(String header) {
        try {
            return header == null
                    ? Instant.now()
                    : DateTimeFormatter.RFC_1123_DATE_TIME.parse(header.strip(), Instant::from);
        } catch (DateTimeParseException e) {
            return Instant.now();
        }
    }

    private static ReadFailure unreached(Throwable failure) {
        return new ReadFailure(
                Kind.CONNECTION,
                "the system does not answer (" + failure.getClass().getSimpleName() + ")",
                false,
                Optional.empty());
    }

    private static ReadFailure passing(String sentence) {
        return new ReadFailure(Kind.API, sentence, false, Optional.empty());
    }
}
