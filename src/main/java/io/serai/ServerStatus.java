package io.serai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.enrich.CsvTables;
import io.serai.json.StrictJson;
import io.serai.observe.Health;
import io.serai.reload.Finding;
import io.serai.reload.ReloadState;
import io.serai.reload.Reloader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How the server is, and which configuration it runs with, for operators. */
record ServerStatus(String version, String node, Health health, Reloader reloader, Supplier<CsvTables> tables) {

    /** One phrase; never unhealthy, as what runs is good. */
    static Health.Part configuration(ReloadState state, CsvTables tables) {
        String phrase = "edit " + state.edit() + " in force";
        if (state.refused() != null) {
            phrase += "; edit " + state.refused().edit() + " refused since "
                    + state.refused().at().truncatedTo(ChronoUnit.SECONDS) + " ("
                    + state.refused().findings().size() + " to mend; ./serai status names them)";
        }
        int faults = tables.faults().size();
        return new Health.Part(true, phrase + (faults == 0 ? "" : "; " + faults + " lookup tables refused"));
    }

    ObjectNode json() {
        ObjectNode status = StrictJson.mapper().createObjectNode();
        status.put("version", version).put("node", node);
        try {
            status.set("health", StrictJson.read(health.report().json().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException("the health report is not JSON", e);
        }
        status.set("configuration", configuration());
        return status;
    }

    private ObjectNode configuration() {
        ReloadState state = reloader.state();
        ObjectNode configuration = StrictJson.mapper().createObjectNode();
        configuration
                .put("generation", state.generation())
                .put("edit", state.edit())
                .put("since", state.since().truncatedTo(ChronoUnit.MILLIS).toString());
        state.restart().forEach(configuration.putArray("needs_restart")::add);
        ArrayNode faults = configuration.putArray("tables_refused");
        tables.get()
                .faults()
                .forEach((file, fault) -> faults.addObject().put("table", file).put("reason", fault));
        ReloadState.Refused refused = state.refused();
        if (refused == null) {
            return configuration.putNull("refused");
        }
        ObjectNode edit = configuration.putObject("refused");
        edit.put("edit", refused.edit())
                .put("at", refused.at().truncatedTo(ChronoUnit.MILLIS).toString());
        ArrayNode findings = edit.putArray("findings");
        for (Finding each : refused.findings()) {
            findings.addObject()
                    .put("file", each.file())
                    .put("line", each.line())
                    .put("rule", each.rule())
                    .put("reason", each.reason())
                    .put("remedy", each.remedy());
        }
        return configuration;
    }

    /** @throws Refusal 422 with the findings, when it is not taken */
    ObjectNode reload() {
        Reloader.Result result = reloader.reload();
        if (result == Reloader.Result.REFUSED) {
            List<Refusal.Detail> details = reloader.state().refused().findings().stream()
                    .map(each -> new Refusal.Detail(
                            each.place(), each.rule() + ": " + each.reason() + ". " + each.remedy() + "."))
                    .toList();
            throw new Refusal(
                    ErrorCode.CONFIGURATION_REFUSED, "The configuration is refused; what ran before runs on.", details);
        }
        ObjectNode answer = StrictJson.mapper().createObjectNode();
        answer.put(
                "result",
                Map.of(Reloader.Result.TAKEN, "taken", Reloader.Result.UNCHANGED, "unchanged")
                        .get(result));
        answer.set("configuration", configuration());
        return answer;
    }
}
