package io.serai.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the API of each polled system answers, and what its webhook tells of the same problem. A problem has a small number
 * for an id and fires since a time. In a body {@code #} stands for the id, {@code @iso}, {@code @s} and {@code @ms} for the
 * time.
 */
public enum PolledSystem {
    ALERTMANAGER("prometheus", "/api/v2/alerts", Map.of()) {
        @Override
        String listed() {
            return """
                    {"fingerprint": "f#", "startsAt": "@iso", "endsAt": "2031-03-17T12:34:00Z", "updatedAt": "@iso",
                     "receivers": [{"name": "serai"}], "status": {"state": "active", "inhibitedBy": [], "silencedBy": []},
                     "annotations": {}, "labels": {"alertname": "Hot", "kiln": "#", "severity": "critical"}}""";
        }

        @Override
        String pushed() {
            return PROMETHEUS_PUSH;
        }

        @Override
        String page(boolean more, List<String> problems) {
            return list(problems);
        }
    },
    PROMETHEUS("prometheus", "/api/v1/alerts", Map.of("api", "prometheus")) {
        @Override
        String listed() {
            return """
                    {"labels": {"alertname": "Hot", "kiln": "#", "severity": "critical"}, "annotations": {}, "state": "firing",
                     "activeAt": "@iso", "value": "1.29e+03"}""";
        }

        @Override
        String pushed() {
            return PROMETHEUS_PUSH;
        }

        @Override
        String page(boolean more, List<String> problems) {
            return "{\"status\": \"success\", \"data\": {\"alerts\": " + list(problems) + "}}";
        }
    },
    GRAFANA("grafana", "/api/alertmanager/grafana/api/v2/alerts", Map.of("api-token", "K")) {
        @Override
        String listed() {
            return """
                    {"fingerprint": "f#", "startsAt": "@iso", "endsAt": "2031-03-17T12:40:00Z", "status": {"state": "active"},
                     "labels": {"alertname": "Hot", "grafana_folder": "Pots", "kiln": "#", "__alert_rule_uid__": "u"},
                     "annotations": {"__orgId__": "1"}}""";
        }

        @Override
        String pushed() {
            return """
                    {"version": "1", "orgId": 1, "state": "alerting", "alerts": [{"status": "firing", "fingerprint": "f#",
                      "startsAt": "@iso", "endsAt": "0001-01-01T00:00:00Z", "annotations": {},
                      "labels": {"alertname": "Hot", "grafana_folder": "Pots", "kiln": "#"}}]}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            return list(problems);
        }
    },
    /** A full page is a hundred hits: the same one so often. */
    ELASTIC("elastic", "/.alerts-*/_search", Map.of("api-key", "K")) {
        @Override
        String listed() {
            return """
                    {"_index": ".alerts-stack", "_id": "u#", "sort": [@ms, "u#"], "_source": {"@timestamp": "@iso",
                     "kibana.alert.uuid": "u#", "kibana.alert.instance.id": "kiln-#", "kibana.alert.status": "active",
                     "kibana.alert.start": "@iso", "kibana.alert.rule.uuid": "r", "kibana.alert.rule.name": "Hot"}}""";
        }

        @Override
        String pushed() {
            return """
                    {"date": "@iso", "rule": {"id": "r", "name": "Hot", "type": ".es-query"},
                     "alert": {"id": "kiln-#", "uuid": "u#", "actionGroup": "threshold met"}}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            List<String> hits = more ? Collections.nCopies(100, problems.get(0)) : problems;
            return "{\"timed_out\": false, \"_shards\": {\"failed\": 0}, \"hits\": {\"hits\": " + list(hits) + "}}";
        }

        @Override
        MappingBuilder second(MappingBuilder request) {
            return request.withRequestBody(matchingJsonPath("$.search_after[1]", equalTo("u1")));
        }

        @Override
        String asked(Instant since) {
            return String.valueOf(since.toEpochMilli());
        }
    },
    DYNATRACE("dynatrace", "/api/v2/problems", Map.of("api-token", "K")) {
        @Override
        String listed() {
            return """
                    {"problemId": "-#_V2", "displayId": "P-#", "title": "Kiln # is hot", "status": "OPEN", "startTime": @ms,
                     "endTime": -1, "severityLevel": "ERROR", "impactLevel": "SERVICES"}""";
        }

        @Override
        String pushed() {
            return """
                    {"State": "OPEN", "ProblemID": "P-#", "PID": "-#_V2", "ProblemSeverity": "ERROR", "ProblemTitle": "Hot"}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            return "{\"problems\": " + list(problems) + (more ? ", \"nextPageKey\": \"AQ+/=&x\"}" : "}");
        }

        @Override
        MappingBuilder second(MappingBuilder request) {
            return request.withQueryParam("nextPageKey", equalTo("AQ+/=&x"));
        }

        @Override
        String asked(Instant since) {
            return "from=" + since.toEpochMilli();
        }

        @Override
        public String address() {
            return "tenant";
        }
    },
    PAGERDUTY("pagerduty", "/incidents", Map.of("api-key", "K")) {
        @Override
        String listed() {
            return """
                    {"id": "Q#", "type": "incident", "incident_number": 7, "title": "Kiln # is hot", "status": "triggered",
                     "created_at": "@iso", "updated_at": "@iso", "resolved_at": null, "urgency": "high", "priority": null}""";
        }

        @Override
        String pushed() {
            return """
                    {"event": {"id": "E#", "event_type": "incident.triggered", "resource_type": "incident", "occurred_at": "@iso",
                     "data": {"id": "Q#", "type": "incident", "title": "Kiln # is hot", "status": "triggered", "urgency": "high"}}}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            return "{\"incidents\": " + list(problems) + ", \"limit\": 1, \"offset\": 0, \"more\": " + more + "}";
        }

        @Override
        MappingBuilder second(MappingBuilder request) {
            return request.withQueryParam("offset", equalTo("1"));
        }

        /** The list of what has ended, which a run that goes on reads last. */
        @Override
        MappingBuilder ended(MappingBuilder request) {
            return request.withQueryParam("sort_by", equalTo("resolved_at:desc"));
        }

        @Override
        String asked(Instant since) {
            return "since=" + since.truncatedTo(ChronoUnit.SECONDS);
        }
    },
    OPSGENIE("opsgenie", "/v2/alerts", Map.of("api-key", "K")) {
        @Override
        String listed() {
            return """
                    {"id": "id-#", "tinyId": "7", "alias": "kiln-#", "message": "Hot", "status": "open", "acknowledged": false,
                     "snoozed": false, "createdAt": "@iso", "updatedAt": "@iso", "priority": "P2"}""";
        }

        @Override
        String pushed() {
            return """
                    {"action": "Create", "integrationId": "1", "alert": {"alertId": "id-#", "alias": "kiln-#", "message": "Hot",
                     "priority": "P2", "createdAt": @ms, "updatedAt": @ms000321}}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            String next = more ? "\"next\": \"https://api.opsgenie.example/v2/alerts?limit=100&offset=100\"" : "";
            return "{\"data\": " + list(problems) + ", \"paging\": {" + next + "}, \"requestId\": \"r\"}";
        }

        @Override
        MappingBuilder second(MappingBuilder request) {
            return request.withQueryParam("offset", equalTo("100"));
        }
    },
    CLOUDWATCH(
            "cloudwatch",
            "",
            Map.of("region", "eu-central-1", "access-key-id", "AKIDEXAMPLE", "secret-access-key", "K")) {
        @Override
        String listed() {
            return """
                    {"AlarmName": "kiln-#", "AlarmArn": "arn:aws:cloudwatch:eu-central-1:210987654321:alarm:kiln-#",
                     "StateValue": "ALARM", "StateReason": "hot", "StateUpdatedTimestamp": @s.982, "StateTransitionedTimestamp": @s.982,
                     "MetricName": "Heat", "Namespace": "Pots", "Dimensions": []}""";
        }

        @Override
        String pushed() {
            return """
                    {"AlarmName": "kiln-#", "AlarmArn": "arn:aws:cloudwatch:eu-central-1:210987654321:alarm:kiln-#",
                     "AWSAccountId": "210987654321", "NewStateValue": "ALARM", "NewStateReason": "hot", "StateChangeTime": "@iso",
                     "Region": "EU (Frankfurt)", "OldStateValue": "OK", "Trigger": {"MetricName": "Heat", "Namespace": "Pots"}}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            return "{\"MetricAlarms\": " + list(problems) + ", \"CompositeAlarms\": []"
                    + (more ? ", \"NextToken\": \"t+/=\"}" : "}");
        }

        @Override
        MappingBuilder second(MappingBuilder request) {
            return request.withRequestBody(matchingJsonPath("$.NextToken", equalTo("t+/=")));
        }
    },
    /** A full page is a hundred monitors, most of which are well. */
    DATADOG("datadog", "/api/v1/monitor", Map.of("api-key", "K", "app-key", "L")) {
        @Override
        String listed() {
            return """
                    {"id": #, "name": "Hot", "message": "m", "type": "query alert", "query": "q", "priority": null, "tags": [],
                     "overall_state": "Alert", "state": {"groups": {"host:kiln": {"name": "host:kiln", "status": "Alert",
                     "last_triggered_ts": @s, "last_resolved_ts": null, "last_nodata_ts": null}}}}""";
        }

        @Override
        String pushed() {
            return """
                    {"alert_id": "#", "alert_title": "Hot", "alert_scope": "host:kiln", "alert_transition": "Triggered",
                     "alert_type": "error", "date": "@ms", "tags": "monitor"}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            String well = "{\"id\": 900, \"name\": \"Cool\", \"overall_state\": \"OK\", \"state\": {\"groups\": {}}}";
            return list(
                    more
                            ? Stream.concat(
                                            problems.stream(),
                                            Collections.nCopies(100 - problems.size(), well).stream())
                                    .toList()
                            : problems);
        }

        @Override
        MappingBuilder second(MappingBuilder request) {
            return request.withQueryParam("page", equalTo("1"));
        }
    },
    NEWRELIC("newrelic", "/graphql", Map.of("api-key", "K", "account-id", "1000001")) {
        @Override
        String listed() {
            return """
                    {"issueId": "i-#", "title": ["Kiln # is hot"], "priority": "CRITICAL", "state": "ACTIVATED", "createdAt": @ms,
                     "activatedAt": @ms, "closedAt": null, "acknowledgedAt": null, "updatedAt": @ms, "entityNames": ["kiln"],
                     "entityGuids": ["MTAw"], "entityTypes": ["HOST"], "mutingState": "NOT_MUTED", "totalIncidents": 1}""";
        }

        @Override
        String pushed() {
            return """
                    {"id": "i-#", "title": "Kiln # is hot", "priority": "CRITICAL", "state": "ACTIVATED", "trigger": "STATE_CHANGE",
                     "impactedEntities": ["kiln"], "createdAt": @ms, "updatedAt": @ms, "totalIncidents": 1}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            return "{\"data\": {\"actor\": {\"account\": {\"aiIssues\": {\"issues\": {\"issues\": " + list(problems)
                    + ", \"nextCursor\": " + (more ? "\"c+/=\"" : "null") + "}}}}}}";
        }

        @Override
        MappingBuilder second(MappingBuilder request) {
            return request.withRequestBody(matchingJsonPath("$.variables.cursor", equalTo("c+/=")));
        }

        @Override
        String asked(Instant since) {
            return String.valueOf(since.toEpochMilli());
        }
    },
    ZABBIX("zabbix", "/api_jsonrpc.php", Map.of("api-token", "K")) {
        @Override
        String listed() {
            return """
                    {"eventid": "70#", "source": "0", "object": "0", "objectid": "#", "clock": "@s", "r_eventid": "0", "name": "Hot",
                     "severity": "4", "acknowledged": "0", "suppressed": "0", "opdata": "", "hosts": [{"hostid": "1", "name": "kiln"}], "tags": []}""";
        }

        @Override
        String pushed() {
            return """
                    {"trigger_id": "#", "event_id": "70#", "event_value": "1", "event_nseverity": "4", "event_name": "Hot"}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            return "{\"jsonrpc\": \"2.0\", \"result\": " + list(problems) + ", \"id\": 1}";
        }

        @Override
        String asked(Instant since) {
            return String.valueOf(since.getEpochSecond());
        }
    },
    /** The hosts are its first page, the services its second; a recovery's host is its own alert. */
    ICINGA2("icinga2", "/v1/objects/hosts", Map.of("api-user", "serai", "api-password", "K")) {
        @Override
        String listed() {
            return """
                    {"type": "Host", "name": "kiln-#", "attrs": {"name": "kiln-#", "display_name": "Kiln #", "state": 1.0,
                     "state_type": 1.0, "last_hard_state_change": @s.5, "acknowledgement": 0, "downtime_depth": 0,
                     "last_check_result": {"output": "hot", "state": 2}}}""";
        }

        @Override
        String pushed() {
            return """
                    {"notification_type": "PROBLEM", "host_name": "kiln-#", "host_display_name": "Kiln #", "host_state": "DOWN",
                     "host_output": "hot"}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            return "{\"results\": " + list(problems) + "}";
        }

        @Override
        public MappingBuilder second(String base) {
            return any(urlPathEqualTo(base + "/v1/objects/services"));
        }

        @Override
        String asked(Instant since) {
            return String.valueOf(since.getEpochSecond());
        }
    },
    OVERWATCH("overwatch", "/api/v1/alerts", Map.of("api-key", "K")) {
        @Override
        String listed() {
            return """
                    {"source": "custom_platform", "platform_version": "2.4", "id": "ow-#", "alert_type": "anomaly",
                     "alert_name": "Kiln # is hot", "severity": 4, "status": "firing", "message": "hot", "triggered_at": "@iso"}""";
        }

        @Override
        String pushed() {
            return """
                    {"id": "ow-#", "title": "Kiln # is hot", "severity": "critical", "status": "firing", "description": "hot"}""";
        }

        @Override
        String page(boolean more, List<String> problems) {
            return "{\"alerts\": " + list(problems) + (more ? ", \"next_cursor\": \"c+/=&x\"}" : "}");
        }

        @Override
        MappingBuilder second(MappingBuilder request) {
            return request.withQueryParam("cursor", equalTo("c+/=&x"));
        }

        @Override
        String asked(Instant since) {
            return "start_time=" + since.truncatedTo(ChronoUnit.SECONDS);
        }
    };

    private static final String PROMETHEUS_PUSH =
            """
            {"version": "4", "status": "firing", "receiver": "serai", "alerts": [{"status": "firing", "startsAt": "@iso",
              "endsAt": "0001-01-01T00:00:00Z", "labels": {"alertname": "Hot", "kiln": "#", "severity": "critical"}, "annotations": {}}]}""";

    public final String provider;
    public final Map<String, String> settings;
    private final String path;

    PolledSystem(String provider, String path, Map<String, String> settings) {
        this.provider = provider;
        this.path = path;
        this.settings = settings;
    }

    /** A problem as its API lists it. */
    abstract String listed();

    /** The same problem as its webhook tells it. */
    abstract String pushed();

    abstract String page(boolean more, List<String> problems);

    /** What marks the request for the second page; null where one answer has all. */
    MappingBuilder second(MappingBuilder request) {
        return null;
    }

    public MappingBuilder second(String base) {
        return second(first(base));
    }

    /** What marks a request for another list than that of the problems, which is empty here; null where there is none. */
    MappingBuilder ended(MappingBuilder request) {
        return null;
    }

    /** What a request must say so that it gets what happened since then; null where all is listed that is not over. */
    String asked(Instant since) {
        return null;
    }

    /** Name of the setting with its address. */
    public String address() {
        return "api-url";
    }

    /** @param base path below which the system lies */
    public MappingBuilder first(String base) {
        return any(urlPathEqualTo(base + path));
    }

    public String problem(int id, Instant since) {
        return filled(listed(), id, since);
    }

    String webhook(int id, Instant since) {
        return filled(pushed(), id, since);
    }

    public String page(boolean more, String... problems) {
        return page(more, Arrays.asList(problems));
    }

    String instance(String scene) {
        return name().toLowerCase(Locale.ROOT) + "-" + scene;
    }

    private static String filled(String body, int id, Instant since) {
        return body.replace("#", String.valueOf(id))
                .replace("@iso", since.truncatedTo(ChronoUnit.SECONDS).toString())
                .replace("@ms", String.valueOf(since.toEpochMilli()))
                .replace("@s", String.valueOf(since.getEpochSecond()));
    }

    private static String list(List<String> problems) {
        return problems.stream().collect(Collectors.joining(", ", "[", "]"));
    }
}
