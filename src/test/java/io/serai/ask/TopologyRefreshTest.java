package io.serai.ask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.serai.json.StrictJson;
import io.serai.poll.PollState;
import io.serai.poll.ReadingListener;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import io.serai.record.Dialect;
import io.serai.record.FreshStore;
import io.serai.record.Leases;
import io.serai.record.PollCursors;
import io.serai.record.SetClock;
import io.serai.record.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** K1, K29: one node reads a topology by its schedule, and the tables of all say the same. */
class TopologyRefreshTest {
    private static final ProviderSettings HOURLY = new ProviderSettings(
            Map.of("serai.provider.overwatch.topology", "0 0 * * * ?"), ProviderCatalog.load(Path.of("routes")));
    private static final List<String> NOTHING = List.of();

    @TempDir
    Path folder;

    private final SetClock clock = new SetClock(Instant.parse("2031-03-17T08:00:10Z"));
    private final AtomicInteger reads = new AtomicInteger();
    private final List<String> told = new ArrayList<>();
    private final ReadingListener heard = new ReadingListener() {
        @Override
        public void read(String provider, String instance, boolean again) {
            told.add(provider + "/" + instance + (again ? " read again" : " read"));
        }

        @Override
        public void failed(String provider, String instance, String problem, boolean first) {
            told.add(provider + "/" + instance + (first ? " failed: " : " failed once more: ") + problem);
        }
    };
    private Store store;
    private Leases leases;

    @BeforeEach
    void open() {
        store = FreshStore.open(Dialect.SQLITE, folder);
        leases = new Leases(store, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A node with a tables folder of its own. */
    private TopologyRefresh node(String name) throws IOException {
        Path tables = Files.createDirectories(folder.resolve(name));
        return new TopologyRefresh(
                HOURLY, new TopologyBook(new PollCursors(store), new Topology(tables), clock), leases, name, heard);
    }

    private void look(TopologyRefresh node, String answer) {
        node.look("overwatch", "default", (provider, instance) -> {
            reads.incrementAndGet();
            if (answer == null) {
                throw AskFailure.answer("it gives no list");
            }
            return services(answer);
        });
    }

    private static ArrayNode services(String json) {
        try {
            return (ArrayNode) StrictJson.read(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private List<String> rows(String node) throws IOException {
        Path table = folder.resolve(node).resolve("topology.csv");
        return Files.exists(table) ? Files.readAllLines(table).stream().skip(1).toList() : NOTHING;
    }

    @Test
    void oneNodeReadsOnceAStrikeAndTheOtherHasItToo() throws Exception {
        TopologyRefresh one = node("one");
        TopologyRefresh two = node("two");
        String first = "[{\"service\": \"shop\", \"depends_on\": [\"stock\"]}]";
        look(one, first);
        look(two, first);
        assertThat(reads).hasValue(1);
        assertThat(rows("one")).containsExactly("shop,stock,shop,overwatch/default", "stock,,shop,");
        assertThat(rows("two")).isEqualTo(rows("one"));

        clock.forward(Duration.ofMinutes(59));
        look(one, "[]");
        look(two, "[]");
        assertThat(reads).hasValue(1);

        clock.forward(Duration.ofMinutes(1));
        look(two, "[{\"service\": \"shop\", \"depends_on\": [\"payment\"]}]");
        look(one, "[]");
        assertThat(reads).hasValue(2);
        assertThat(rows("one")).containsExactly("payment,,shop,", "shop,payment,shop,overwatch/default");
        assertThat(rows("two")).isEqualTo(rows("one"));
    }

    @Test
    void whatCannotBeReadLeavesTheTableAndIsTriedAtTheNextStrike() throws Exception {
        TopologyRefresh one = node("one");
        look(one, "[{\"service\": \"shop\", \"depends_on\": []}]");
        clock.forward(Duration.ofHours(1));
        look(one, null);
        look(one, "[]");
        assertThat(reads).hasValue(2);
        assertThat(rows("one")).hasSize(1);
        look(node("anew"), "[]");
        assertThat(reads).hasValue(2);
        assertThat(rows("anew")).isEqualTo(rows("one"));

        clock.forward(Duration.ofHours(7));
        look(one, "[]");
        assertThat(reads).hasValue(3);
        assertThat(rows("one")).isEmpty();
    }

    /** What one node failed at, another one ends: which of them reads is chance. */
    @Test
    void aFailureIsKnownToAllNodesUntilOneOfThemReads() throws Exception {
        TopologyRefresh one = node("one");
        TopologyRefresh two = node("two");
        assertThat(one.state("overwatch", "default")).isEmpty();
        look(one, null);
        assertThat(two.state("overwatch", "default")).contains(new PollState(clock.instant(), "it gives no list", 1));
        clock.forward(Duration.ofHours(1));
        look(two, null);
        clock.forward(Duration.ofHours(1));
        look(two, "[]");
        assertThat(one.state("overwatch", "default")).contains(new PollState(clock.instant(), null, 2));
        clock.forward(Duration.ofHours(1));
        look(one, "[]");
        assertThat(told)
                .containsExactly(
                        "overwatch/default failed: it gives no list",
                        "overwatch/default failed once more: it gives no list",
                        "overwatch/default read again",
                        "overwatch/default read");
    }

    @Test
    void whileAnotherNodeReadsNobodyElseDoes() throws Exception {
        leases.acquire("topology/overwatch/default", "dead/1", Duration.ofMinutes(6));
        TopologyRefresh one = node("one");
        look(one, "[]");
        assertThat(reads).hasValue(0);
        clock.forward(Duration.ofMinutes(6));
        look(one, "[]");
        assertThat(reads).hasValue(1);
    }
}
