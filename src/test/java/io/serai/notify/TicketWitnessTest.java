package io.serai.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.deliver.NotifierHarness;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Our requests beside those that other programs' ticketing was recorded to send (Zabbix 6.0's media types, node-zendesk,
 * jira.js): every field of theirs is in ours, at the same place and of the same type, or stands here with its reason.
 */
class TicketWitnessTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode captured(String name) throws Exception {
        return JSON.readTree(TicketWitnessTest.class.getResourceAsStream("/captured/" + name + ".json"));
    }

    private static JsonNode ours(String notifier, String sample, String pointer) throws Exception {
        JsonNode expected = JSON.readTree(Files.readString(
                NotifierHarness.ROUTES.resolve("notifiers/" + notifier + "/expected/" + sample + ".json")));
        return expected.at("/body" + pointer);
    }

    /** The fields of theirs that ours lacks, or has in another type. */
    private static Set<String> missing(JsonNode theirs, JsonNode ours) {
        Set<String> missing = new TreeSet<>();
        missing("", theirs, ours, missing);
        return missing;
    }

    private static void missing(String at, JsonNode theirs, JsonNode ours, Set<String> missing) {
        if (theirs.isObject()) {
            theirs.properties()
                    .forEach(each ->
                            missing(at + "/" + each.getKey(), each.getValue(), ours.path(each.getKey()), missing));
        } else if (ours.getNodeType() != theirs.getNodeType()) {
            missing.add(at);
        }
    }

    @Test
    void serviceNow() throws Exception {
        // comments are shown to the caller; ours are for those who work on the incident.
        assertThat(missing(captured("zabbix-6.0-servicenow-create"), ours("servicenow", "firing-create", "/body")))
                .containsExactly("/comments");
        // The short description stays what it was when the incident was made.
        assertThat(missing(captured("zabbix-6.0-servicenow-update"), ours("servicenow", "resolved", "/body")))
                .containsExactly("/comments", "/short_description");
    }

    @Test
    void zendesk() throws Exception {
        assertThat(missing(captured("sdk-node-zendesk-6.0-ticket-create"), ours("zendesk", "firing-create", "/body")))
                .isEmpty();
        // public is a boolean and tags a list in Zendesk's own reference; new is the status of a ticket without one.
        assertThat(missing(captured("zabbix-6.0-zendesk-create"), ours("zendesk", "firing-create", "/body")))
                .containsExactly("/ticket/comment/public", "/ticket/status", "/ticket/tags");
        // Subject and type stay what they were when the ticket was made.
        assertThat(missing(captured("zabbix-6.0-zendesk-update"), ours("zendesk", "resolved", "/body")))
                .containsExactly("/ticket/comment/public", "/ticket/subject", "/ticket/type");
    }

    @Test
    void jira() throws Exception {
        assertThat(missing(captured("sdk-jirajs-5.4-issue-create"), ours("jira", "firing", "/create")))
                .isEmpty();
        assertThat(missing(captured("zabbix-6.0-jira-create"), ours("jira", "wiki-hostile", "/create")))
                .isEmpty();
        assertThat(missing(captured("zabbix-6.0-jira-comment"), ours("jira", "wiki-hostile", "/comment")))
                .isEmpty();
    }
}
