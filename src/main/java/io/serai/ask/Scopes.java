package io.serai.ask;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import io.serai.poll.ReadFailure;
import io.serai.provider.Provider;
import java.time.Duration;
import java.time.Instant;

/** Finds out live which scopes a credential has: per scope yes, or the reason why not (K4, K18). */
final class Scopes {
    /** What a check that needs a time span asks for. */
    private static final Duration LATELY = Duration.ofMinutes(5);

    private final Asker asker;

    Scopes(Asker asker) {
        this.asker = asker;
    }

    /**
     * What was found.
     *
     * @param answer {@code provider}, {@code instance}, {@code ok}, {@code scopes}
     * @param failed the first mandatory scope's failure, else the first of all when nothing at all was granted; null when
     *               the connection serves its purpose
     */
    record Found(ObjectNode answer, AskFailure failed) {}

    Found check(Access access) {
        ObjectNode answer = StrictJson.mapper().createObjectNode();
        answer.put("provider", access.provider().name()).put("instance", access.instance());
        ArrayNode scopes = StrictJson.mapper().createArrayNode();
        AskFailure first = null;
        AskFailure mandatory = null;
        AskFailure unreached = null;
        boolean granted = false;
        for (Provider.Scope scope : access.provider().scopes()) {
            if (!access.has(scope.when())) {
                continue;
            }
            // A system that is not there is asked once: the next ones would only wait for the same time limit.
            AskFailure failure = unreached == null ? ask(access, scope) : unreached;
            describe(scopes.addObject(), scope, failure);
            granted |= failure == null;
            if (failure != null) {
                first = first == null ? failure : first;
                mandatory = mandatory == null && scope.mandatory() ? failure : mandatory;
                unreached = failure.kind() == ReadFailure.Kind.CONNECTION ? failure : unreached;
            }
        }
        AskFailure failed = mandatory != null || granted ? mandatory : first;
        answer.put("ok", failed == null).set("scopes", scopes);
        return new Found(answer, failed);
    }

    private AskFailure ask(Access access, Provider.Scope scope) {
        try {
            Instant now = Instant.now();
            asker.ask(access, scope.check(), Span.parameters(now.minus(LATELY), now));
            return null;
        } catch (AskFailure failure) {
            return failure;
        }
    }

    private static void describe(ObjectNode node, Provider.Scope scope, AskFailure failure) {
        node.put("name", scope.name())
                .put("description", scope.description())
                .put("mandatory", scope.mandatory())
                .put("docs", scope.docs())
                .put("granted", failure == null);
        if (failure != null) {
            node.put("failure", failure.kind().word()).put("reason", failure.getMessage());
            failure.retryAfter().ifPresent(wait -> node.put("retry_after", wait.toSeconds()));
        }
    }
}
