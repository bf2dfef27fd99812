package io.serai.scaffold;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/providers.md} says what the folders say. {@code -Dgolden.update=true} rewrites it. */
class ProviderDocsTest {
    private static final Path ROUTES = Path.of("routes");

    @Test
    void thePageIsNotStale() throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(ProviderDocs.page(ROUTES), ProviderDocs.text(ROUTES));
        }
        assertThat(ProviderDocs.page(ROUTES)).hasContent(ProviderDocs.text(ROUTES));
    }

    @Test
    void everyFolderAndEverySettingIsOnIt() throws IOException {
        assertThat(ProviderDocs.text(ROUTES))
                .contains(
                        "| [prometheus](../routes/providers/prometheus/README.md) |",
                        "`webhook-secret` | string, secret |");
    }
}
