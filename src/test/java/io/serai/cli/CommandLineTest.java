package io.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.api.LedgerOfOne;
import io.serai.json.StrictJson;
import io.serai.record.LedgerOptions;
import io.serai.record.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands against a ledger on disk, as a shell would call them. */
class CommandLineTest {
    @TempDir
    Path folder;

    private String out;
    private String err;

    private int serai(String... words) {
        StringWriter standard = new StringWriter();
        StringWriter error = new StringWriter();
        CommandLine line = Serai.commandLine();
        line.setOut(new PrintWriter(standard));
        line.setErr(new PrintWriter(error));
        int code = line.execute(words);
        out = standard.toString();
        err = error.toString();
        return code;
    }

    private int onLedger(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--data");
        all.add(folder.toString());
        return serai(all.toArray(String[]::new));
    }

    private JsonNode json() throws IOException {
        assertThat(out.lines()).hasSize(1);
        return StrictJson.read(out.getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void fill() throws Exception {
        LedgerOptions options = LedgerOptions.embedded(folder, "n");
        try (Store store = Store.open(options)) {
            LedgerOfOne.fill(store, options);
        }
    }

    @Test
    void alertsAsATableWithoutTheSendersTerminalEscapes() {
        assertThat(onLedger("alerts")).isEqualTo(Exit.OK);
        assertThat(out.lines().toList().get(0)).startsWith("ID  STATUS  SEVERITY");
        assertThat(out).contains("Disk full \\u001b[31m").doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alerts", "receipts", "deliveries", "quarantine", "incidents", "providers", "notifiers"})
    void everyListingAsOneLineOfJson(String command) throws IOException {
        assertThat(onLedger(command, "--json")).isEqualTo(Exit.OK);
        assertThat(json().path("status").asText()).isEqualTo("success");
        assertThat(json().path("data").path(command).size()).isPositive();
        assertThat(onLedger(command)).isEqualTo(Exit.OK);
        assertThat(out.lines().count()).isGreaterThan(1);
    }

    @Test
    void aKeyAsOthersRelyOnIt() throws IOException {
        assertThat(onLedger("keys", "create", "--scope", "ingest:*", "--json")).isEqualTo(Exit.OK);
        JsonNode data = json().path("data");
        assertThat(data.fieldNames()).toIterable().containsExactly("id", "key", "scopes");
        assertThat(data.path("scopes").path(0).asText()).isEqualTo("ingest:*");
        assertThat(onLedger("keys", "list")).isEqualTo(Exit.OK);
        assertThat(out)
                .contains(data.path("id").asText())
                .doesNotContain(data.path("key").asText());
        String id = data.path("id").asText();
        assertThat(onLedger("keys", "rotate", id, "--overlap", "1h")).isEqualTo(Exit.OK);
        assertThat(out.toString()).contains("serai_", id + " works until ");
        assertThat(onLedger("keys", "rotate", id)).isEqualTo(Exit.USAGE);
        assertThat(onLedger("keys", "rotate", "nosuchkey0")).isEqualTo(Exit.NOT_FOUND);
        assertThat(onLedger("keys", "revoke", data.path("id").asText())).isEqualTo(Exit.OK);
        assertThat(onLedger("keys", "revoke", data.path("id").asText())).isEqualTo(Exit.NOT_FOUND);
        assertThat(onLedger("keys", "create", "--scope", "everything")).isEqualTo(Exit.USAGE);
        assertThat(onLedger("audit")).isEqualTo(Exit.OK);
        assertThat(out).contains("command line, " + System.getProperty("user.name") + "  key.revoke  key " + id);
        assertThat(onLedger("audit", "verify")).isEqualTo(Exit.OK);
        assertThat(out).contains("intact: 4 entries, head 4:");
        assertThat(onLedger("audit", "verify", "--head", "5:" + "0".repeat(64))).isEqualTo(Exit.FAILED);
        assertThat(out).contains("BROKEN at entry 5: the noted head is not in the chain");
    }

    @Test
    void explainForPeople() {
        assertThat(onLedger("explain", "1")).isEqualTo(Exit.OK);
        assertThat(out)
                .contains("the sender's words: status firing, severity page")
                .contains("receipt 1 (push from 192.0.2.7), verified by the key key1: 1 new")
                .contains("enrich: team = storage (services.csv)")
                .contains("deliver: console dead, delivery 1")
                .contains("attempt 2: retry 500 refused")
                .containsPattern("console +yes +critical goes to everyone")
                .containsPattern("ops-sms +no +takes only info");
        assertThat(onLedger("explain", LedgerOfOne.DISK.toString(), "--destination", "pager"))
                .isEqualTo(Exit.OK);
        assertThat(out).containsPattern("pager +no +takes only info").doesNotContain("deliver: console");
        assertThat(onLedger("explain", "77")).isEqualTo(Exit.NOT_FOUND);
        assertThat(err).isEqualTo("serai: There is no such alert.\n");
    }

    @Test
    void oneReceiptAndOneDeliveryForPeople() {
        assertThat(onLedger("receipts", "1", "--body")).isEqualTo(Exit.OK);
        assertThat(out).contains("{\"alerts\":[]}").contains("delivery 1 of alert 1 to console: dead");
        assertThat(onLedger("deliveries", "1")).isEqualTo(Exit.OK);
        assertThat(out).contains("because critical goes to everyone");
        assertThat(onLedger("deliveries", "--dead")).isEqualTo(Exit.OK);
        assertThat(out).contains("console");
    }

    @Test
    void deadLettersAreReplayed() throws IOException {
        assertThat(onLedger("replay", "--destination", "console", "--since", "3650d", "--json"))
                .isEqualTo(Exit.OK);
        assertThat(json().path("data").path("replayed").asInt()).isEqualTo(1);
        assertThat(onLedger("replay", "1")).isEqualTo(Exit.NOT_FOUND);
        assertThat(onLedger("replay")).isEqualTo(Exit.USAGE);
        assertThat(onLedger("replay", "1", "--receipt", "1")).isEqualTo(Exit.USAGE);
    }

    @Test
    void errorsHaveTheirExitCode() throws IOException {
        assertThat(onLedger("alerts", "--status", "open")).isEqualTo(Exit.USAGE);
        assertThat(err).contains("status: must be one of firing");
        assertThat(serai("alerts", "--data", folder.resolve("nothing").toString()))
                .isEqualTo(Exit.UNREACHABLE);
        assertThat(Files.exists(folder.resolve("nothing"))).isFalse();
        assertThat(onLedger("alerts", "--url", "http://127.0.0.1:1", "--key", "x"))
                .isEqualTo(Exit.UNREACHABLE);
        assertThat(onLedger("alerts", "--config", folder.resolve("none").toString()))
                .isEqualTo(Exit.CONFIGURATION);
        assertThat(onLedger("send", "generic", folder.resolve("none").toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(serai("frobnicate")).isEqualTo(Exit.USAGE);
        assertThat(onLedger("explain", "77", "--json")).isEqualTo(Exit.NOT_FOUND);
        assertThat(json().path("error").path("code").asText()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aWrongSettingStopsTheStartInOneLine() throws IOException {
        Path config = Files.writeString(folder.resolve("x.properties"), "serai.prot=1\n");
        assertThat(onLedger("run", "--config", config.toString())).isEqualTo(Exit.CONFIGURATION);
        assertThat(err).isEqualTo("serai: serai.prot: is no setting. Did you mean serai.port?\n");
        assertThat(onLedger("run", "--set", "serai.host=0.0.0.0")).isEqualTo(Exit.CONFIGURATION);
        assertThat(err.lines()).hasSize(1);
    }

    @Test
    void everyCommandExplainsItself() {
        for (CommandLine command : Serai.commandLine().getSubcommands().values()) {
            assertThat(serai(command.getCommandName(), "--help")).isEqualTo(Exit.OK);
            assertThat(out).startsWith("Usage: serai " + command.getCommandName());
        }
    }
}
