package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults 6, 63, 65, 66: two nodes on one PostgreSQL behind a balancer that knows nothing but whether a port takes connections.
 * They are restarted one after the other under load, one is stopped in its tracks for longer than its leases, and one loses the database
 * (P4, P8).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RollingRestartTest {

    private static final int SENDERS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final long seed = Size.seed();
    private Scene scene;
    private SeraiProcess other;
    private TcpProxy balancer;
    /** The second node's to the database. */
    private TcpProxy line;

    private Sender sender;

    @BeforeAll
    void begin(@TempDir Path folder) throws Exception {
        // In the small size no limit ends by itself, however long this machine is held up; in the full one the lease
        // does.
        Map<String, String> settings = Map.of(
                "serai.destination.ops.timeout", Size.of(300, 8) + "s",
                "serai.destination.ops.breaker.timeout", Size.of(600, 10) + "s");
        scene = new Scene(folder, Database.Kind.POSTGRESQL, List.of("ops"), settings);
        line = new TcpProxy(() -> List.of(scene.database().port()));
        other = scene.another("node-2", scene.database().settings(line.port()));
        AtomicInteger turn = new AtomicInteger();
        balancer = new TcpProxy(() -> turn.getAndIncrement() % 2 == 0
                ? List.of(scene.hub().port(), other.port())
                : List.of(other.port(), scene.hub().port()));
        URI uri = URI.create("http://127.0.0.1:" + balancer.port() + "/api/alerts/event/prometheus");
        sender = new Sender(() -> uri, scene.key());
        scene.hub().start();
        other.start();
    }

    @AfterAll
    void end() throws Exception {
        balancer.close();
        other.close();
        line.close();
        scene.close();
    }

    @Test
    @Order(1)
    void noRequestFailsTwiceAndNothingIsToldTwice() throws Exception {
        Iterator<Sender.Word> talk = new Talk("rolling", seed).iterator();
        Queue<Sent> failed = new ConcurrentLinkedQueue<>();
        List<Thread> senders = IntStream.range(0, SENDERS)
                .mapToObj(i -> new Thread(() -> sendUntilInterrupted(talk, failed), "sender-" + i))
                .toList();
        senders.forEach(Thread::start);
        for (SeraiProcess node : Size.of(List.of(other), List.of(scene.hub(), other, scene.hub(), other))) {
            awaitAccepted(accepted() + 100);
            assertThat(node.stop()).as("exit code").isIn(0, 143);
            awaitAccepted(accepted() + 100);
            node.start();
        }
        awaitAccepted(accepted() + 100);
        senders.forEach(Thread::interrupt);
        for (Thread each : senders) {
            each.join();
        }
        Checker.Report report = scene.check("rolling restart", seed, sender.ledger());
        assertThat(report.faults()).isEmpty();
        assertThat(failed).as("failed twice").isEmpty();
        assertThat(report.counts().get("repeated")).as("told twice").isZero();
    }

    @Test
    @Order(2)
    void whoWasStoppedForLongerThanItsLeaseIsNotBelieved() throws Exception {
        // Taken at once, answered late: who sent it is stopped meanwhile.
        scene.stub().next("/ops", List.of(Answer.OK.delayed(5_000)));
        int before = scene.told("ops").size();
        long repeated = repeated();
        Sent sent = sender.send(Words.firing("stopped"));
        assertThat(sent.accepted()).isTrue();
        Awaitility.await("the first send")
                .atMost(PATIENCE)
                .until(() -> scene.told("ops").size() == before + 1);
        SeraiProcess owner =
                text("select lease_owner from delivery where ended_at is null").equals("node-1") ? scene.hub() : other;
        owner.signal("STOP");
        try {
            if (Size.of(0, 1) == 0) {
                expire();
            }
            Awaitility.await("the other one's send")
                    .atMost(PATIENCE)
                    .until(() -> scene.told("ops").size() == before + 2);
            Awaitility.await("its record")
                    .atMost(PATIENCE)
                    .until(() -> scene.ledger().owed() == 0);
        } finally {
            owner.signal("CONT");
        }
        // The answer that came too late is behind the node when it works again.
        owner.awaitHealthy();
        Awaitility.await("the late result to be refused").atMost(PATIENCE).until(() -> owner.metrics()
                .lines()
                .filter(line -> line.startsWith("serai_delivery_in_flight"))
                .allMatch(line -> line.endsWith(" 0.0")));
        List<StubLine> lines = scene.told("ops").subList(before, before + 2);
        assertThat(lines.get(1).key()).isEqualTo(lines.get(0).key());
        assertThat(text(
                        "select count(*) from attempt a join delivery d on d.id = a.delivery where d.idempotency_key = '"
                                + lines.get(0).key() + "'"))
                .as("attempts on record")
                .isEqualTo("1");
        Checker.Report report = scene.check("stopped past the lease", seed, sender.ledger());
        assertThat(report.faults()).isEmpty();
        assertThat(report.counts().get("repeated")).isEqualTo(repeated + 1);
    }

    @Test
    @Order(3)
    void whoLosesTheDatabaseStepsBackAndTheOtherOneDoesItAll() throws Exception {
        line.down();
        Awaitility.await("the second node to be unwell").atMost(PATIENCE).until(() -> other.health() == 503);
        long repeated = repeated();
        assertThat(new Sender(other::ingest, scene.key())
                        .send(Words.firing("cut off"))
                        .status())
                .isEqualTo(503);
        for (int i = 0; i < 20; i++) {
            assertThat(scene.sender().send(Words.firing("kept-" + i)).accepted())
                    .isTrue();
        }
        scene.ledger().awaitQuiet(PATIENCE);
        assertThat(scene.told("ops").stream().map(StubLine::fingerprint).distinct())
                .as("told while the second node was cut off")
                .hasSize(scene.ledger().read().alerts().size());
        assertThat(repeated()).isEqualTo(repeated);

        line.up();
        other.awaitHealthy();
        Awaitility.await("the second node to take words").atMost(PATIENCE).until(() -> new Sender(
                        other::ingest, scene.key())
                .send(Words.firing("back"))
                .accepted());
    }

    private long repeated() {
        List<StubLine> told = scene.told("ops");
        return told.size() - told.stream().map(StubLine::key).distinct().count();
    }

    /** As time would do it. */
    private void expire() throws SQLException {
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("update delivery set lease_until = 0 where ended_at is null");
            statement.execute("update lease set until = 0");
        }
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private long accepted() {
        return sender.ledger().stream().filter(Sent::accepted).count();
    }

    private void awaitAccepted(long count) {
        Awaitility.await(count + " words taken").atMost(PATIENCE).until(() -> accepted() >= count);
    }

    private void sendUntilInterrupted(Iterator<Sender.Word> talk, Queue<Sent> failed) {
        try {
            while (!Thread.interrupted()) {
                Sender.Word word;
                synchronized (talk) {
                    word = talk.next();
                }
                if (!sender.send(word).accepted()) {
                    Sent again = sender.send(word);
                    if (!again.accepted()) {
                        failed.add(again);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(20); // the rate
            }
        } catch (InterruptedException e) {
            // enough
        }
    }
}
