package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.door.Principal;
import io.serai.door.Refusal;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.SetClock;
import io.serai.record.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
            tool.revoke(made.path("id").asText(), "tester");
            assertThat(tool.verify(key)).isEmpty();
            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(server.verify(key))
                    .isEmpty());
            assertThatThrownBy(() -> tool.revoke(made.path("id").asText(), "tester"))
                    .isInstanceOf(Refusal.class);
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

    /** K13, fault 61: whoever holds the old key has time to change over. */
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aRotatedKeyAndTheNewOneBothWorkUntilTheOverlapIsOver(Dialect dialect) {
        SetClock clock = new SetClock(Instant.parse("2026-05-04T12:00:00Z"));
        try (Store store = FreshStore.open(dialect, folder)) {
            Keys keys = new Keys(store, clock);
            Principal.Person anna = new Principal.Person("anna@example.org", "storage");
            JsonNode old = keys.create(new NewKey(List.of("read", "operate"), "anna's", anna, null), "tester");
            JsonNode made = keys.rotate(old.path("id").asText(), Duration.ofHours(24), "tester");
            assertThat(made.path("replaces")).isEqualTo(old.path("id"));
            assertThat(made.path("overlap_until").asText()).isEqualTo("2026-05-05T12:00:00Z");
            clock.forward(Duration.ofHours(24).minusMillis(1));
            assertThat(keys.verify(old.path("key").asText())).isPresent();
            assertThat(keys.verify(made.path("key").asText())).hasValueSatisfying(who -> assertThat(who)
                    .isEqualTo(new Principal(made.path("id").asText(), Set.of("read", "operate"), anna)));
            assertThat(keys.list().findValuesAsText("state")).containsExactlyInAnyOrder("rotated", "active");
            clock.forward(Duration.ofMillis(1));
            assertThat(keys.verify(old.path("key").asText())).isEmpty();
            assertThat(keys.verify(made.path("key").asText())).isPresent();
            assertThat(keys.list().findValuesAsText("state")).containsExactlyInAnyOrder("expired", "active");
            assertThatThrownBy(() -> keys.rotate(old.path("id").asText(), Duration.ZERO, "tester"))
                    .isInstanceOf(Refusal.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aKeyIsRotatedOnceAndWithoutOverlapEndsAtOnce(Dialect dialect) {
        try (Store store = FreshStore.open(dialect, folder)) {
            Keys keys = new Keys(store, CLOCK);
            JsonNode first = keys.create(List.of("read"), "");
            JsonNode second = keys.rotate(first.path("id").asText(), Duration.ofHours(1), "tester");
            assertThatThrownBy(() -> keys.rotate(first.path("id").asText(), Duration.ofHours(1), "tester"))
                    .hasMessageContaining(second.path("id").asText());
            keys.rotate(second.path("id").asText(), Duration.ZERO, "tester");
            assertThat(keys.verify(second.path("key").asText())).isEmpty();
            assertThat(keys.verify(first.path("key").asText())).isPresent();
            assertThatThrownBy(() -> keys.rotate("nosuchkey0", Duration.ZERO, "tester"))
                    .isInstanceOf(Refusal.class);
            assertThatThrownBy(() -> keys.rotate(first.path("id").asText(), Duration.ofDays(91), "tester"))
                    .isInstanceOf(Refusal.class);
        }
    }

    @Test
    void aKeyWithAnEndEndsAndItsSuccessorLivesAsLong() {
        SetClock clock = new SetClock(Instant.parse("2026-05-04T12:00:00Z"));
        try (Store store = FreshStore.open(Dialect.SQLITE, folder)) {
            Keys keys = new Keys(store, clock);
            JsonNode made = keys.create(new NewKey(List.of("read"), "", null, Duration.ofDays(90)), "tester");
            assertThat(made.path("expires_at").asText()).isEqualTo("2026-08-02T12:00:00Z");
            clock.forward(Duration.ofDays(89));
            JsonNode next = keys.rotate(made.path("id").asText(), Duration.ofDays(30), "tester");
            assertThat(next.path("overlap_until").asText())
                    .as("no longer than it would have lived")
                    .isEqualTo("2026-08-02T12:00:00Z");
            assertThat(next.path("expires_at").asText()).isEqualTo("2026-10-30T12:00:00Z");
            clock.forward(Duration.ofDays(1));
            assertThat(keys.verify(made.path("key").asText())).isEmpty();
            assertThat(keys.verify(next.path("key").asText())).isPresent();
        }
    }

    /** Fault 54: where each of them would take its time is the look into the ledger, and each makes it. */
    @Test
    void aWrongSecretCostsTheLookThatAnUnknownIdCostsAndARightKeyNone() {
        Store store = FreshStore.open(Dialect.SQLITE, folder);
        Keys keys = new Keys(store, CLOCK);
        String key = keys.create(List.of("read"), "").path("key").asText();
        KeyText other = KeyText.generate();
        String wrongSecret =
                KeyText.of(key.substring(6, 16), other.text().substring(17, 60)).text();
        assertThat(keys.verify(wrongSecret)).isEmpty();
        assertThat(keys.verify(key)).isPresent();
        store.close();
        assertThat(keys.verify(key)).isPresent();
        assertThatThrownBy(() -> keys.verify(wrongSecret)).hasMessage("Keys cannot be checked now.");
        assertThatThrownBy(() -> keys.verify(other.text())).hasMessage("Keys cannot be checked now.");
    }

    @Test
    void theLastUseIsShownAtOnceAndWrittenLater() {
        try (Store store = FreshStore.open(Dialect.SQLITE, folder)) {
            Keys keys = new Keys(store, CLOCK);
            String key = keys.create(List.of("read"), "").path("key").asText();
            assertThat(keys.list().findValuesAsText("last_used_at")).containsExactly("null");
            for (int i = 0; i < 1000; i++) {
                keys.verify(key);
            }
            assertThat(keys.list().path("keys").path(0).path("last_used_at").asText())
                    .endsWith("Z");
            assertThat(new Keys(store, CLOCK).list().findValuesAsText("last_used_at"))
                    .as("in the ledger")
                    .containsExactly("null");
            keys.close();
            assertThat(new Keys(store, CLOCK).list().findValuesAsText("last_used_at"))
                    .allMatch(time -> time.endsWith("Z"));
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
