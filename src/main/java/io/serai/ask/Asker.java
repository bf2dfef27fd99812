package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.aws.RequestSignature;
import io.serai.config.ConfigurationError;
import io.serai.json.StrictJson;
import io.serai.poll.ReadFailure;
import io.serai.provider.Jq;
import io.serai.provider.Provider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Sends the requests that provider.yaml declares, through the HTTP component and the client of the polls. An endpoint is
 * made of an address that was checked, by this class only: routes never have one that is made at run time.
 */
final class Asker {
    private static final String OPTIONS =
            "?bridgeEndpoint=true&connectTimeout=5000&responseTimeout=15000&httpClientConfigurer=#bean:readingClient";
    private static final int PAGES = 20;
    private static final String FILE = "file:";

    private final CamelContext context;
    private final ProducerTemplate producer;
    private final Path routes;
    private final String agent;
    private final Map<String, Jq> compiled = new ConcurrentHashMap<>();

    /**
     * @param context has the bean {@code readingClient}
     * @param agent   what the requests call themselves (O5)
     */
    Asker(CamelContext context, Path routes, String agent) {
        this.context = context;
        this.producer = context.createProducerTemplate();
        this.routes = routes;
        this.agent = agent;
    }

    /**
     * Sends one request and gives what {@code answer} makes of the system's answer.
     *
     * @throws AskFailure when there is no good answer
     */
    JsonNode ask(Access access, Provider.Request request, ObjectNode parameters) {
        ObjectNode values = access.values().deepCopy();
        values.setAll(parameters);
        return read(access.provider(), request, answer(access, request, request.query(), values), values);
    }

    /** As {@link #ask}, page by page; the lists are put together. */
    ArrayNode list(Access access, Provider.Request request, ObjectNode parameters) {
        ObjectNode values = access.values().deepCopy();
        values.setAll(parameters);
        ArrayNode all = StrictJson.mapper().createArrayNode();
        Map<String, String> query = request.query();
        for (int page = 0; page < PAGES; page++) {
            JsonNode answer = answer(access, request, query, values);
            JsonNode read = read(access.provider(), request, answer, values);
            if (!read.isArray()) {
                throw AskFailure.answer("the system's answer has no list where one is expected");
            }
            all.addAll((ArrayNode) read);
            JsonNode next = request.next() == null
                    ? NullNode.getInstance()
                    : apply(access.provider(), request.next(), answer, values);
            if (next.isNull() || next.asText().isEmpty()) {
                return all;
            }
            values.set("next", next);
            query = request.nextQuery();
        }
        throw AskFailure.answer("the system gave more than " + PAGES + " pages: ask for a shorter time");
    }

    /**
     * A text as the request's query language writes a value.
     *
     * @throws AskFailure when the language cannot write it
     */
    String quoted(Provider provider, Provider.Request request, String value) {
        JsonNode quoted = apply(
                provider,
                request.bind(),
                TextNode.valueOf(value),
                StrictJson.mapper().createObjectNode());
        if (!quoted.isTextual()) {
            throw AskFailure.answer("the value cannot be written in this query language");
        }
        return quoted.textValue();
    }

    private JsonNode read(Provider provider, Provider.Request request, JsonNode answer, ObjectNode values) {
        return request.answer() == null ? answer : apply(provider, request.answer(), answer, values);
    }

    private JsonNode answer(Access access, Provider.Request request, Map<String, String> query, ObjectNode values) {
        byte[] body = request.body() == null
                ? new byte[0]
                : apply(access.provider(), request.body(), values, values)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8);
        String path = Wording.path(request.path(), values);
        Exchange exchange = producer.send(context.getEndpoint(access.address() + options(access)), each -> {
            var message = each.getMessage();
            message.setHeader(Exchange.HTTP_METHOD, request.method());
            // The address itself: a slash more would be another address.
            message.setHeader(Exchange.HTTP_PATH, path.equals("/") ? "" : path);
            message.setHeader(Exchange.HTTP_QUERY, Wording.query(query, values));
            message.setHeader("Accept", "application/json");
            message.setHeader("User-Agent", agent);
            if (body.length > 0) {
                message.setHeader(Exchange.CONTENT_TYPE, "application/json");
            }
            access.provider().connection().headers().forEach((name, template) -> Wording.header(template, values)
                    .ifPresent(value -> message.setHeader(name, value)));
            request.headers().forEach((name, template) -> Wording.header(template, values)
                    .ifPresent(value -> message.setHeader(name, value)));
            message.setBody(body.length > 0 ? body : null);
            sign(access, message);
        });
        if (exchange.getException() != null) {
            throw failure(access.provider(), exchange.getException());
        }
        return checked(access.provider(), request, exchange.getMessage().getBody(byte[].class), values);
    }

    private static void sign(Access access, Message message) {
        Provider.AwsSignature aws = access.provider().connection().aws();
        if (aws == null) {
            return;
        }
        RequestSignature signature = new RequestSignature();
        signature.setEndpoint(access.address());
        signature.setService(aws.service());
        signature.setRegion(access.values().path(aws.region()).asText());
        signature.setAccessKey(access.values().path(aws.accessKey()).asText());
        signature.setSecretKey(access.values().path(aws.secretKey()).asText());
        signature.sign(message);
    }

    private JsonNode checked(Provider provider, Provider.Request request, byte[] answer, ObjectNode values) {
        if (request.text() || answer == null || answer.length == 0) {
            return NullNode.getInstance();
        }
        JsonNode json;
        try {
            json = StrictJson.read(answer);
        } catch (IOException e) {
            throw AskFailure.answer("the system's answer is not JSON");
        }
        if (request.ok() != null && !apply(provider, request.ok(), json, values).asBoolean(false)) {
            throw AskFailure.answer("the system answers that it did not do it");
        }
        return json;
    }

    private static AskFailure failure(Provider provider, Exception thrown) {
        int status = 0;
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof HttpOperationFailedException answer) {
                status = answer.getStatusCode();
            }
        }
        return new AskFailure(ReadFailure.of(thrown, provider.connection()), status);
    }

    private static String options(Access access) {
        return access.authorities() == null ? OPTIONS : OPTIONS + "&sslContextParameters=#bean:" + access.authorities();
    }

    /** jq of a descriptor, or of a file beside it. */
    private JsonNode apply(Provider provider, String jq, JsonNode input, ObjectNode values) {
        try {
            return compiled.computeIfAbsent(provider.name() + "\n" + jq, key -> compile(provider, jq))
                    .apply(input, values);
        } catch (JsonQueryException e) {
            throw AskFailure.answer("the system's answer is not what the provider's folder expects");
        }
    }

    private Jq compile(Provider provider, String jq) {
        String file = "routes/providers/" + provider.name() + "/provider.yaml";
        try {
            return Jq.compile(
                    jq.startsWith(FILE)
                            ? Files.readString(routes.resolve("providers")
                                    .resolve(provider.name())
                                    .resolve(jq.substring(FILE.length())))
                            : jq);
        } catch (IOException e) {
            throw new ConfigurationError(file, "an expression is not jq", "Run ./serai lint");
        }
    }
}
