package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serai audit}: who changed what, and whether that record is whole. */
@Command(
        name = "audit",
        description = "Lists who changed what, newest first.",
        mixinStandardHelpOptions = true,
        subcommands = AuditCommand.Verify.class)
final class AuditCommand implements Callable<Integer> {
    @Mixin
    private Target target;

    @Mixin
    private Page page;

    @Option(names = "--who", paramLabel = "ID", description = "Only of this key, or of who sat at the command line.")
    private String who;

    @Option(
            names = "--action",
            paramLabel = "WORD",
            description = "Only this: key.create, delivery.replay, provider.setup, …; key. for all of keys.")
    private String action;

    @Override
    public Integer call() {
        return target.list("/api/audit", page.with("who", who, "action", action), AuditCommand::table);
    }

    private static Table table(ObjectNode data) {
        Table table = new Table("ID", "AT", "WHO", "ACTION", "SUBJECT", "OUTCOME", "NODE");
        for (JsonNode entry : data.path("audit")) {
            table.row(
                    entry.path("id"),
                    Table.time(entry.path("at")),
                    entry.path("who"),
                    entry.path("action"),
                    entry.path("subject"),
                    entry.path("outcome"),
                    entry.path("node"));
        }
        return table;
    }

    /** Exit code 1 when the chain is broken. */
    @Command(
            name = "verify",
            description = {
                "Walks the chain of hashes: says whether an entry was changed, taken out or put in.",
                "Note the head that it prints elsewhere, and give it the next time: so a cut-off end shows too."
            },
            mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {
        @Mixin
        private Target target;

        @Option(names = "--head", paramLabel = "HEAD", description = "A head that an earlier check printed.")
        private String head;

        @Override
        public Integer call() {
            Map<String, String> query = new TreeMap<>();
            if (head != null) {
                query.put("head", head);
            }
            boolean[] intact = new boolean[1];
            int exit = target.answer(
                    false,
                    operations -> {
                        ObjectNode data = operations.get("/api/audit/verify", query);
                        intact[0] = data.path("intact").asBoolean();
                        return data;
                    },
                    data -> target.out().println(said(data)));
            return exit == Exit.OK && !intact[0] ? Exit.FAILED : exit;
        }

        private static String said(ObjectNode data) {
            String counted = data.path("entries").asText() + " entries, head "
                    + data.path("head").asText();
            return data.path("intact").asBoolean()
                    ? "intact: " + counted
                    : "BROKEN at entry " + data.path("broken_at").asText() + ": "
                            + data.path("problem").asText() + "; before it " + counted;
        }
    }
}
