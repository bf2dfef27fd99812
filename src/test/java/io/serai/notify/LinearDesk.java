package io.serai.notify;

import graphql.ErrorType;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLContext;
import graphql.GraphqlErrorException;
import graphql.schema.Coercing;
import graphql.schema.GraphQLScalarType;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Linear's GraphQL API, executed by graphql-java after Linear's own schema: what does not fit the schema is refused. */
final class LinearDesk extends TicketDesk {
    static final String TEAM = "5b1f0f64-6f0a-4f6f-9c35-0a1c2d3e4f50";

    private static final List<Map<String, Object>> STATES =
            List.of(state("todo", "unstarted", 1), state("shipped", "completed", 4), state("done", "completed", 3));

    private final List<String> commentIds = new ArrayList<>();
    private final GraphQL graphql;

    LinearDesk() throws IOException {
        GraphQLScalarType time = GraphQLScalarType.newScalar()
                .name("DateTime")
                .coercing(new Coercing<Object, Object>() {
                    @Override
                    public Object serialize(Object time, GraphQLContext context, Locale locale) {
                        return time;
                    }
                })
                .build();
        RuntimeWiring wiring = RuntimeWiring.newRuntimeWiring()
                .scalar(time)
                .type("Query", type -> type.dataFetcher("issues", env -> issues(env.getArgument("filter")))
                        .dataFetcher("comments", env -> comments(env.getArgument("filter")))
                        .dataFetcher("team", env -> team(env.getArgument("id"))))
                .type("Mutation", type -> type.dataFetcher("issueCreate", env -> create(env.getArgument("input")))
                        .dataFetcher("issueUpdate", env -> update(env.getArgument("id"), env.getArgument("input")))
                        .dataFetcher("issueUnarchive", env -> unarchive(env.getArgument("id")))
                        .dataFetcher("commentCreate", env -> comment(env.getArgument("input"))))
                .build();
        try (Reader schema = new InputStreamReader(
                LinearDesk.class.getResourceAsStream("/linear/schema.graphql"), StandardCharsets.UTF_8)) {
            graphql = GraphQL.newGraphQL(
                            new SchemaGenerator().makeExecutableSchema(new SchemaParser().parse(schema), wiring))
                    .build();
        }
    }

    @Override
    Step step(Request request) {
        String query = request.body().path("query").asText();
        return query.startsWith("query") ? Step.FIND : query.contains("issueCreate") ? Step.CREATE : Step.UPDATE;
    }

    @Override
    Reply serve(Request request) {
        if (!"not-a-token".equals(request.header("Authorization"))) {
            return error(401, "authentication error", "AUTHENTICATION_ERROR");
        }
        if (!request.path().equals("/graphql")) {
            return new Reply(404, "{}", Map.of());
        }
        Map<String, Object> variables = JSON.convertValue(
                request.body().path("variables"),
                JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
        ExecutionResult result = graphql.execute(ExecutionInput.newExecutionInput()
                .query(request.body().path("query").asText())
                .variables(variables)
                .build());
        return Reply.of(200, JSON.valueToTree(result.toSpecification()));
    }

    static Reply error(int status, String type, String code) {
        var body = object();
        body.putArray("errors")
                .addObject()
                .put("message", "said by the API")
                .putObject("extensions")
                .put("type", type)
                .put("code", code);
        return Reply.of(status, body);
    }

    private Map<String, Object> issues(Map<String, Map<String, String>> filter) {
        return Map.of(
                "nodes",
                tickets.stream()
                        .filter(each -> each.id.equals(filter.get("id").get("eq")))
                        .map(LinearDesk::shown)
                        .toList());
    }

    private Map<String, Object> comments(Map<String, Map<String, String>> filter) {
        return Map.of(
                "nodes",
                commentIds.stream()
                        .filter(each -> each.equals(filter.get("id").get("eq")))
                        .map(each -> Map.of("id", each))
                        .toList());
    }

    private static Map<String, Object> team(String id) {
        if (!id.equals(TEAM)) {
            throw refused("Entity not found: Team");
        }
        return Map.of("id", TEAM, "states", Map.of("nodes", STATES));
    }

    private Map<String, Object> create(Map<String, Object> input) {
        String id = (String) input.get("id");
        if (tickets.stream().anyMatch(each -> each.id.equals(id))) {
            throw refused("Entity already exists");
        }
        team((String) input.get("teamId"));
        Ticket ticket = new Ticket();
        ticket.id = id;
        ticket.state = "todo";
        ticket.made = JSON.valueToTree(input);
        tickets.add(ticket);
        return payload("issue", shown(ticket));
    }

    private Map<String, Object> update(String id, Map<String, Object> input) {
        Ticket ticket = ticket(id);
        if (input.containsKey("stateId")) {
            String wanted = (String) input.get("stateId");
            ticket.state = (String) STATES.stream()
                    .filter(each -> each.get("id").equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> refused("Entity not found: WorkflowState"))
                    .get("name");
        }
        return payload("issue", shown(ticket));
    }

    private Map<String, Object> unarchive(String id) {
        Ticket ticket = ticket(id);
        ticket.archived = false;
        return payload("entity", shown(ticket));
    }

    private Map<String, Object> comment(Map<String, Object> input) {
        String id = (String) input.get("id");
        if (commentIds.contains(id)) {
            throw refused("Entity already exists");
        }
        ticket((String) input.get("issueId")).comments.add((String) input.get("body"));
        commentIds.add(id);
        return payload("comment", Map.of("id", id));
    }

    private Ticket ticket(String id) {
        return tickets.stream()
                .filter(each -> each.id.equals(id))
                .findFirst()
                .orElseThrow(() -> refused("Entity not found: Issue"));
    }

    private static Map<String, Object> payload(String name, Map<String, Object> what) {
        return Map.of("success", true, "lastSyncId", 1.0, name, what);
    }

    private static Map<String, Object> shown(Ticket ticket) {
        Map<String, Object> issue = new HashMap<>();
        issue.put("id", ticket.id);
        issue.put("identifier", "OPS-12");
        issue.put("trashed", false);
        issue.put("archivedAt", ticket.archived ? "2026-11-21T10:00:00.000Z" : null);
        issue.put(
                "state",
                STATES.stream()
                        .filter(each -> each.get("name").equals(ticket.state))
                        .findFirst()
                        .orElseThrow());
        return issue;
    }

    private static Map<String, Object> state(String name, String type, double position) {
        return Map.of("id", "state-" + name, "name", name, "type", type, "position", position);
    }

    private static GraphqlErrorException refused(String message) {
        return GraphqlErrorException.newErrorException()
                .message(message)
                .errorClassification(ErrorType.DataFetchingException)
                .extensions(Map.of("type", "invalid input", "code", "INPUT_ERROR"))
                .build();
    }
}
