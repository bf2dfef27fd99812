package io.serai.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets out of a vault by Camel's own function, from a stub of HashiCorp Vault's HTTP API (key value store, version 2). */
class VaultSecretsTest {
    private static final String TOKEN = "hvs.token-of-the-vault";
    private static final String SECRET = "https://hooks.example.org/T1/of-the-vault";

    @TempDir
    Path folder;

    private HttpServer vault;

    @BeforeEach
    void open() throws Exception {
        vault = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vault.createContext("/v1/secret/data/slack", exchange -> {
            boolean known = TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"));
            byte[] answer = (known
                            ? "{\"data\":{\"data\":{\"url\":\"" + SECRET + "\"},\"metadata\":{\"version\":1}}}"
                            : "{\"errors\":[\"permission denied\"]}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(known ? 200 : 403, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        vault.start();
    }

    @AfterEach
    void close() {
        vault.stop(0);
    }

    private Settings load(String token, String reference) throws Exception {
        Path file = Files.writeString(
                folder.resolve("application.properties"),
                """
                camel.vault.hashicorp.host=127.0.0.1
                camel.vault.hashicorp.port=%d
                camel.vault.hashicorp.scheme=http
                camel.vault.hashicorp.token={{env:VAULT_TOKEN}}
                serai.destination.ops.address=%s
                """
                        .formatted(vault.getAddress().getPort(), reference));
        return Settings.load(folder, file, Map.of("VAULT_TOKEN", token), Map.of());
    }

    private String refused(String token, String reference) {
        return catchThrowableOfType(ConfigurationError.class, () -> load(token, reference))
                .getMessage();
    }

    @Test
    void aSettingIsReadFromTheVaultAndHiddenWhateverItIsCalled() throws Exception {
        assertThat(load(TOKEN, "{{hashicorp:secret:slack#url}}").text("serai.destination.ops.address"))
                .isEqualTo(SECRET);
        assertThat(Redaction.redact("sent to " + SECRET + " with " + TOKEN)).isEqualTo("sent to *** with ***");
    }

    @Test
    void whatTheVaultDoesNotGiveStopsTheStartInOneLineThatTellsNothing() {
        for (String message : new String[] {
            refused("wrong-token", "{{hashicorp:secret:slack#url}}"),
            refused(TOKEN, "{{hashicorp:secret:slack#other}}"),
            refused(TOKEN, "{{hashicorp:secret:nothing#url}}"),
            refused(TOKEN, "{{aws:slack#url}}"),
        }) {
            assertThat(message)
                    .startsWith("serai.destination.ops.address: ")
                    .doesNotContain("\n", TOKEN, "wrong-token", SECRET, "permission denied");
        }
        assertThat(refused(TOKEN, "{{aws:slack#url}}")).contains("Camel's part for it is not there");
        assertThat(refused(TOKEN, "{{bean:runtime/exit}}")).contains("placeholder of no known kind");
    }
}
