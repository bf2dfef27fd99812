package io.serai.ask;

import static io.serai.Hub.data;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.Hub;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** K13: three things that need one another are made, found again and taken away through one GraphQL address. */
class NerdGraphTest {
    private static final Pattern MUTATION =
            Pattern.compile("ai(?:Notifications|Workflows)(Create|Update|Delete)(\\w+)\\(");
    private static final Pattern QUERY = Pattern.compile("(destination|channel|workflow)s\\(filters");

    @TempDir
    Path folder;

    private final Map<String, JsonNode> things = new TreeMap<>();
    private String refused = "";

    @Test
    void destinationChannelAndWorkflowAreMadeOnceAndTakenAwayBackwards() throws Exception {
        HttpServer vendor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vendor.createContext("/graphql", this::answer);
        vendor.start();
        try (Hub hub = new Hub(
                folder,
                Map.of(
                        "serai.provider.newrelic.api-url",
                                "http://127.0.0.1:" + vendor.getAddress().getPort(),
                        "serai.provider.newrelic.api-key", "NRAK-1",
                        "serai.provider.newrelic.account-id", "1234567"))) {
            refused = "Workflow";
            assertThat(setup(hub, "{\"url\": \"https://serai.example.org\"}").statusCode())
                    .isEqualTo(400);
            assertThat(things).containsOnlyKeys("channel", "destination");
            refused = "";

            JsonNode first = data(setup(hub, "{\"url\": \"https://serai.example.org\"}"));
            assertThat(first.path("done").findValuesAsText("did")).containsExactly("updated", "updated", "created");
            assertThat(things.get("channel").path("destinationId").asText()).isEqualTo("destination-1");
            assertThat(things.get("workflow")
                            .at("/destinationConfigurations/0/channelId")
                            .asText())
                    .isEqualTo("channel-1");
            String key = things.get("destination").at("/auth/token/token").asText();
            assertThat(hub.post("/api/alerts/event/newrelic", "{}", "Authorization", "Bearer " + key)
                            .statusCode())
                    .isNotIn(401, 403);

            JsonNode removed = data(setup(hub, "{\"remove\": true}"));
            assertThat(removed.path("done").findValuesAsText("thing"))
                    .containsExactly("workflow", "channel", "destination");
            assertThat(things).isEmpty();
        } finally {
            vendor.stop(0);
        }
    }

    private static HttpResponse<String> setup(Hub hub, String body) throws Exception {
        return hub.post("/api/providers/newrelic/setup", body, "X-API-KEY", hub.operatorKey());
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = StrictJson.read(exchange.getRequestBody().readAllBytes());
        boolean known = "NRAK-1".equals(exchange.getRequestHeaders().getFirst("API-Key"))
                && request.at("/variables/a").isInt();
        byte[] answer = (known
                        ? done(request)
                        : StrictJson.mapper().createObjectNode().put("errors", "who?"))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private ObjectNode done(JsonNode request) {
        String query = request.path("query").asText();
        JsonNode variables = request.path("variables");
        ObjectNode answer = StrictJson.mapper().createObjectNode();
        Matcher mutation = MUTATION.matcher(query);
        if (!mutation.find()) {
            Matcher asked = QUERY.matcher(query);
            assertThat(asked.find()).as(query).isTrue();
            String kind = asked.group(1);
            var entities = answer.withArray("/data/actor/account/ai"
                    + (kind.equals("workflow") ? "Workflows" : "Notifications") + "/" + kind + "s/entities");
            if (things.containsKey(kind) && things.get(kind).path("name").equals(variables.path("n"))) {
                entities.addObject().put("id", kind + "-1").set("name", variables.path("n"));
            }
            return answer;
        }
        String kind = mutation.group(2).toLowerCase(Locale.ROOT);
        ObjectNode result = answer.putObject("data").putObject(mutation.group().replace("(", ""));
        if (mutation.group(2).equals(refused)) {
            result.putArray("errors").addObject().put("description", "no");
        } else if (mutation.group(1).equals("Delete")) {
            things.remove(kind);
        } else {
            ObjectNode input = (ObjectNode) variables.path(kind.substring(0, 1));
            if (things.get(kind) instanceof ObjectNode before) {
                before.setAll(input);
            } else {
                things.put(kind, input);
            }
            result.putObject(kind).put("id", kind + "-1");
        }
        return answer;
    }
}
