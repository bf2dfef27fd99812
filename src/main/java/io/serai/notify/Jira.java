package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import io.serai.deliver.SendFailure;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/** Reads what Jira answers on the way of one change to its issue. */
public final class Jira {
    /** An issue key becomes part of an address, so it has to be one (Atlassian, "Edit a project's details"). */
    private static final Pattern KEY = Pattern.compile("[A-Z][A-Z0-9_]+-[0-9]{1,18}");

    private static final Pattern PROJECT = Pattern.compile("[A-Z][A-Z0-9_]+");

    private final String setting;
    private String project;

    /** @param destination whose Jira this is; configuration errors name its settings */
    public Jira(String destination) {
        this.setting = "serai.destination." + destination + ".";
    }

    public void setProject(String project) {
        this.project = project;
    }

    /** @throws ConfigurationError unless the project is a key */
    public void check() {
        if (!PROJECT.matcher(project).matches()) {
            throw new ConfigurationError(setting + "project", "is no project key", "Write the key, such as OPS");
        }
    }

    /**
     * The issue of this alert. The search may lag behind Jira's own writes: the key that the ledger remembers counts then.
     *
     * @param answer of the search
     * @param plan   what the mapping made
     * @return {@code {"key": issue key or null, "move": whether a transition is wanted and still to be made, "action": the
     *     plan's}}
     */
    public ObjectNode found(@Body JsonNode answer, @Variable("plan") JsonNode plan) {
        JsonNode issue = answer.at("/issues/0");
        String key = issue.path("key").asText(plan.path("reference").asText(null));
        boolean done = issue.at("/fields/status/statusCategory/key").asText().equals("done");
        String action = plan.path("action").asText();
        boolean wanted = plan.hasNonNull("transition")
                && !plan.get("transition").asText().isBlank();
        ObjectNode found = JsonNodeFactory.instance.objectNode();
        found.put("key", key == null || !KEY.matcher(key).matches() ? null : key);
        found.put("move", wanted && action.equals("resolve") != done);
        found.put("action", action);
        return found;
    }

    /**
     * @return the new issue's key
     * @throws SendFailure when the answer names none; the next attempt waits until the search finds it by its label
     */
    public String created(@Body JsonNode answer) throws SendFailure {
        String key = answer.path("key").asText();
        if (!KEY.matcher(key).matches()) {
            throw new SendFailure(SendFailure.Kind.RETRY, 201, "the answer names no issue", TicketAnswer.SETTLED);
        }
        return key;
    }

    /** @return the id of the transition that the plan names, in any case; null when the issue has none now */
    public String transition(@Body JsonNode answer, @Variable("plan") JsonNode plan) {
        String wanted = plan.path("transition").asText();
        for (JsonNode each : answer.path("transitions")) {
            if (each.path("name").asText().equalsIgnoreCase(wanted)) {
                return each.path("id").asText();
            }
        }
        return null;
    }
}
