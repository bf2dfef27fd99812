package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai keys}: who may send, read and operate. */
@Command(
        name = "keys",
        description = "Makes, lists, rotates and revokes keys.",
        mixinStandardHelpOptions = true,
        subcommands = {
            KeysCommand.Create.class,
            KeysCommand.All.class,
            KeysCommand.Rotate.class,
            KeysCommand.Revoke.class
        })
final class KeysCommand {

    /** A key that nobody can read again afterwards; it works at once. */
    @Command(name = "create", description = "Makes a key and shows it this once.", mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        @Mixin
        private Target target;

        @Option(
                names = "--scope",
                required = true,
                split = ",",
                paramLabel = "SCOPE",
                description = "ingest:*, ingest:<provider>, read, operate or admin; may be given several times.")
        private List<String> scopes;

        @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "What it is for.")
        private String note;

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                description = "How long it lives: 90d; for ever when left out.")
        private String expires;

        @Option(names = "--user", paramLabel = "NAME", description = "A person's key: the limits of people count.")
        private String user;

        @Option(names = "--team", paramLabel = "NAME", description = "That person's team.")
        private String team;

        @Override
        public Integer call() {
            ObjectNode body = StrictJson.mapper().createObjectNode().put("note", note);
            ArrayNode array = body.putArray("scopes");
            scopes.forEach(array::add);
            body.put("expires", expires).put("user", user).put("team", team);
            return target.answer(true, operations -> operations.post("/api/keys", body), data -> {
                target.out().println(data.path("key").asText());
                target.out()
                        .println("It is shown this once. Scopes: " + Table.text(data.path("scopes"))
                                + (data.hasNonNull("expires_at")
                                        ? ". It ends at " + Table.time(data.path("expires_at"))
                                        : "")
                                + ". To end it: serai keys revoke "
                                + data.path("id").asText());
            });
        }
    }

    /** Ids, scopes and last use; never the keys. */
    @Command(
            name = "list",
            description = "Lists all keys, without the keys themselves.",
            mixinStandardHelpOptions = true)
    static final class All implements Callable<Integer> {
        @Mixin
        private Target target;

        @Override
        public Integer call() {
            return target.list("/api/keys", Map.of(), All::table);
        }

        private static Table table(ObjectNode data) {
            Table table = new Table("ID", "STATE", "SCOPES", "USER", "CREATED", "LAST USED", "ENDS", "NOTE");
            for (JsonNode key : data.path("keys")) {
                table.row(
                        key.path("id"),
                        key.path("state"),
                        key.path("scopes"),
                        key.hasNonNull("user")
                                ? key.path("user").asText() + " of "
                                        + key.path("team").asText()
                                : "",
                        Table.time(key.path("created_at")),
                        Table.time(key.path("last_used_at")),
                        Table.time(key.path(key.hasNonNull("revoked_at") ? "revoked_at" : "expires_at")),
                        key.path("note"));
            }
            return table;
        }
    }

    /** Both work until the overlap is over. */
    @Command(
            name = "rotate",
            description = "Makes a key like another one, which goes on for a while, and shows it this once.",
            mixinStandardHelpOptions = true)
    static final class Rotate implements Callable<Integer> {
        @Mixin
        private Target target;

        @Parameters(paramLabel = "ID")
        private String id;

        @Option(
                names = "--overlap",
                paramLabel = "TIME",
                defaultValue = "24h",
                description = "How long the old one still works, 0s to 90d, default ${DEFAULT-VALUE}.")
        private String overlap;

        @Override
        public Integer call() {
            ObjectNode body = StrictJson.mapper().createObjectNode().put("overlap", overlap);
            return target.answer(
                    false, operations -> operations.post("/api/keys/" + Segment.of(id) + "/rotate", body), data -> {
                        target.out().println(data.path("key").asText());
                        target.out()
                                .println("It is shown this once. " + id + " works until "
                                        + Table.time(data.path("overlap_until")) + ".");
                    });
        }
    }

    /** Within two seconds no server takes it any more. */
    @Command(
            name = "revoke",
            description = "Ends a key, within two seconds everywhere.",
            mixinStandardHelpOptions = true)
    static final class Revoke implements Callable<Integer> {
        @Mixin
        private Target target;

        @Parameters(paramLabel = "ID")
        private String id;

        @Override
        public Integer call() {
            ObjectNode body = StrictJson.mapper().createObjectNode();
            return target.answer(
                    false,
                    operations -> operations.post("/api/keys/" + Segment.of(id) + "/revoke", body),
                    data -> target.out().println("revoked " + data.path("id").asText()));
        }
    }
}
