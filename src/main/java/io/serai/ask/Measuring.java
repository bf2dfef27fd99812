package io.serai.ask;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.provider.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Asks for metrics with an alert's texts in the query (O9). The query is the operator's; a sender's text is put into it as
 * a value only: quoted by what the provider's folder declares, or, without that, when it is a plain word.
 */
final class Measuring {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,199}");

    private final Asker asker;

    Measuring(Asker asker) {
        this.asker = asker;
    }

    /**
     * @param query  makes the query, given how a value is written in its language
     * @param before how far back the span that is asked for begins
     * @throws AskFailure when a value cannot be put into the query, or there is no good answer
     */
    ArrayNode of(
            Access access, Provider.Request request, Function<UnaryOperator<String>, String> query, Duration before) {
        Instant end = Instant.now();
        ObjectNode parameters = Span.parameters(end.minus(before), end)
                .put("query", query.apply(value -> literal(access.provider(), request, value)));
        return asker.list(access, request, parameters);
    }

    private String literal(Provider provider, Provider.Request request, String value) {
        if (request.bind() != null) {
            return asker.quoted(provider, request, value);
        }
        if (!PLAIN.matcher(value).matches()) {
            throw AskFailure.answer("the value is no plain word, and this query language has no quotes");
        }
        return value;
    }
}
