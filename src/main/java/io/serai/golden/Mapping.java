package io.serai.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.serai.parse.BoundedJq;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Language;
import org.apache.camel.support.DefaultExchange;

/** Runs a folder's jq file with the very engine of the routes: Camel's jq language, file read as a resource. */
public final class Mapping implements AutoCloseable {
    private final CamelContext context = new DefaultCamelContext();
    private final Map<Path, Expression> compiled = new HashMap<>();
    private final Language jq;

    public Mapping() {
        context.getRegistry().bind(BoundedJq.NAME, new BoundedJq());
        context.start();
        jq = context.resolveLanguage(BoundedJq.NAME);
    }

    /** A mapping that is not jq, or cannot use this body. The message is for the person who writes it. */
    public static final class Failure extends Exception {
        Failure(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * @param headers    what the mapping sees as {@code variable("header.<name>")}
     * @param receivedAt what the mapping sees as {@code variable("received_at")} and {@code variable("received_epoch")}
     * @return the only output
     * @throws Failure when the file is not jq, fails on this body, or gives anything but one output
     */
    public JsonNode apply(Path file, JsonNode body, Map<String, String> headers, Instant receivedAt) throws Failure {
        Exchange exchange = new DefaultExchange(context);
        headers.forEach((name, value) -> exchange.setVariable("header." + name, value));
        exchange.setVariable("received_at", receivedAt.toString());
        exchange.setVariable("received_epoch", String.valueOf(receivedAt.getEpochSecond()));
        exchange.getMessage().setBody(body);
        Object output;
        try {
            output = compiled(file).evaluate(exchange, Object.class);
        } catch (RuntimeCamelException e) {
            throw new Failure(cause(e));
        }
        if (output == null) {
            return NullNode.getInstance();
        }
        if (output instanceof JsonNode node) {
            return node;
        }
        throw new Failure("gave several outputs: wrap them into one list");
    }

    /** @throws Failure saying why the file is not jq */
    public void compile(Path file) throws Failure {
        try {
            compiled(file);
        } catch (RuntimeCamelException e) {
            throw new Failure(cause(e));
        }
    }

    private Expression compiled(Path file) {
        return compiled.computeIfAbsent(file, path -> {
            String resource = "resource:file:" + path.toAbsolutePath().normalize();
            Expression expression = jq.createExpression(resource, new Object[] {JsonNode.class});
            expression.init(context);
            return expression;
        });
    }

    private static String cause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("fails");
    }

    @Override
    public void close() {
        context.stop();
    }
}
