package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.door.Refusal;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeysTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aKeyMadeElsewhereWorksAtOnceAndARevokedOneSoonNoMore(Dialect dialect) {
        try (Store store = FreshStore.open(dialect, folder)) {
            Keys server = new Keys(store, CLOCK);
            Keys tool = new Keys(store, CLOCK);
            JsonNode made = tool.create(List.of("ingest:prometheus", "read"), "for the test");
            String key = made.path("key").asText();
            assertThat(server.verify(key)).hasValueSatisfying(who -> {
                assertThat(who.id()).isEqualTo(made.path("id").asText());
                assertThat(who.scopes()).containsExactlyInAnyOrder("ingest:prometheus", "read");
            });
            tool.revoke(made.path("id").asText());
            assertThat(tool.verify(key)).isEmpty();
            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(server.verify(key))
                    .isEmpty());
            assertThatThrownBy(() -> tool.revoke(made.path("id").asText())).isInstanceOf(Refusal.class);
        }
    }

    @Test
    void onlyTheWholeKeyIsAKey() {
        try (Store store = FreshStore.open(Dialect.SQLITE, folder)) {
            Keys keys = new Keys(store, CLOCK);
            String key = keys.create(List.of("read"), "").path("key").asText();
            String other = keys.create(List.of("read"), "").path("key").asText();
            assertThat(key).matches("serai_[0-9a-z]{10}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}");
            assertThat(keys.verify(key)).isPresent();
            // Well formed, with a right checksum, but nobody's.
            assertThat(keys.verify(KeyText.generate().text())).isEmpty();
            // One key's id with another one's secret.
            assertThat(keys.verify(key.substring(0, 17) + other.substring(17))).isEmpty();
            assertThat(keys.verify(key.substring(0, key.length() - 1))).isEmpty();
            assertThat(keys.verify(key + " ")).isEmpty();
            assertThat(keys.verify("")).isEmpty();
        }
    }

    @Test
    void theLedgerHoldsNoKey() throws IOException {
        String key;
        try (Store store = FreshStore.open(Dialect.SQLITE, folder)) {
            Keys keys = new Keys(store, CLOCK);
            key = keys.create(List.of("admin"), "").path("key").asText();
            assertThat(keys.list().toString()).doesNotContain(key.substring(17));
        }
        String secret = key.substring(17);
        for (String file : List.of("serai.db", "serai.db-wal")) {
            if (Files.exists(folder.resolve(file))) {
                String content = Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
                assertThat(content.contains(secret)).as(file).isFalse();
            }
        }
        String database = Files.readString(folder.resolve("serai.db"), StandardCharsets.ISO_8859_1);
        assertThat(database.contains(key.substring(6, 16))).as("the key's id").isTrue();
    }

    @Test
    void scopesThatAreNoneAreRefused() {
        try (Store store = FreshStore.open(Dialect.SQLITE, folder)) {
            Keys keys = new Keys(store, CLOCK);
            assertThatThrownBy(() -> keys.create(List.of(), "")).isInstanceOf(Refusal.class);
            assertThatThrownBy(() -> keys.create(List.of("write"), "")).isInstanceOf(Refusal.class);
            assertThatThrownBy(() -> keys.create(List.of("read admin"), "")).isInstanceOf(Refusal.class);
        }
    }

    @Test
    void theLastUseIsWrittenDown() {
        try (Store store = FreshStore.open(Dialect.SQLITE, folder)) {
            Keys keys = new Keys(store, CLOCK);
            keys.verify(keys.create(List.of("read"), "").path("key").asText());
            assertThat(keys.list().path("keys").path(0).path("last_used_at").isNull())
                    .isTrue();
            keys.close();
            assertThat(keys.list().path("keys").path(0).path("last_used_at").asText())
                    .endsWith("Z");
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void theFirstStartMakesTwoKeysAndEachLaterOneNone(Dialect dialect) throws IOException {
        try (Store store = FreshStore.open(dialect, folder)) {
            Keys keys = new Keys(store, CLOCK);
            FirstKeys first = FirstKeys.prepare(keys, folder);
            assertThat(keys.verify(first.ingest().orElseThrow()).orElseThrow().allows("ingest:any"))
                    .isTrue();
            assertThat(keys.verify(first.operator().orElseThrow()).orElseThrow().allows("operate"))
                    .isTrue();
            Path file = FirstKeys.file(folder);
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            String own = Files.readString(file);
            assertThat(keys.verify(own.strip())).isPresent();

            FirstKeys second = FirstKeys.prepare(keys, folder);
            assertThat(second.ingest()).isEmpty();
            assertThat(second.operator()).isEmpty();
            assertThat(Files.readString(file)).isEqualTo(own);

            Files.writeString(file, "of another ledger");
            FirstKeys.prepare(keys, folder);
            assertThat(keys.verify(Files.readString(file).strip())).isPresent();
        }
    }
}
