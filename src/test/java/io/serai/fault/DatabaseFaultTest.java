package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
 * Faults 3, 8, 9, 10, 12, 13, 14, 15, 72 on PostgreSQL: away at the start, killed, frozen, cut off in the commit, slow for lists,
 * in a deadlock, read only. One hub lives through all of them without a restart; nothing is lost and nothing is answered
 * 202 in vain (P1, P2, P6, P7).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatabaseFaultTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final long seed = Size.seed();
    private final Talk talk = new Talk("database", seed);
    private Database database;
    private TcpProxy proxy;
    private Scene scene;

    @BeforeAll
    void begin(@TempDir Path folder) throws Exception {
        database = Database.start(Database.Kind.POSTGRESQL, SeraiProcess.data(folder));
        proxy = new TcpProxy(() -> List.of(database.port()));
        Map<String, String> settings = new TreeMap<>(database.settings(proxy.port()));
        scene = new Scene(folder, database, List.of("ops"), settings);
    }

    @AfterAll
    void end() throws Exception {
        proxy.close();
        scene.close();
    }

    @Test
    @Order(1)
    void theStartWaitsForTheDatabaseAndRefusesMeanwhile() throws Exception {
        database.stop();
        scene.hub().launch();
        awaitHealth(503);
        assertThat(scene.hub().status("/health/live"))
                .as("a restart would not help")
                .isEqualTo(200);
        assertThat(scene.sender().send(Words.firing("early")).status()).isEqualTo(503);
        assertThat(scene.hub().alive()).isTrue();

        database.startAgain();
        scene.hub().awaitHealthy();
        assertThat(scene.sender().send(Words.firing("early")).status()).isEqualTo(202);
        check("database away at the start");
    }

    @Test
    @Order(2)
    void nothingIsLostWhenTheDatabaseIsKilledUnderLoad() throws Exception {
        Thread sending = new Thread(this::sendUntilInterrupted, "sending");
        sending.start();
        awaitAccepted(accepted() + 50);
        database.kill();
        TimeUnit.SECONDS.sleep(Size.of(3, 30)); // the outage itself
        awaitHealth(503);
        assertThat(scene.hub().status("/health/live")).isEqualTo(200);
        database.startAgain();
        long back = System.nanoTime();
        awaitAccepted(accepted() + 50);
        System.out.printf(
                "database killed: 50 words taken %d ms after it was back%n",
                Duration.ofNanos(System.nanoTime() - back).toMillis());
        sending.interrupt();
        sending.join();
        assertThat(scene.sender().ledger().stream().map(Sent::status).distinct())
                .as("accepted, or refused in words")
                .contains(503)
                .isSubsetOf(202, 429, 503);
        awaitHealth(200);
        check("database killed");
    }

    @Test
    @Order(3)
    void aFrozenDatabaseHoldsNobodyUp() throws Exception {
        List<Sender.Word> words = IntStream.range(0, 40)
                .mapToObj(i -> Words.firing("frozen-" + i))
                .toList();
        int before = scene.sender().ledger().size();
        database.freeze();
        try {
            long began = System.nanoTime();
            scene.sender().send(words, 0);
            System.out.printf(
                    "database frozen: 40 words refused within %d ms%n",
                    Duration.ofNanos(System.nanoTime() - began).toMillis());
            scene.sender().send(words, 0);
            awaitHealth(503);
        } finally {
            database.thaw();
        }
        List<Sent> sent = scene.sender().ledger();
        assertThat(sent.subList(before, sent.size()).stream().map(Sent::status).distinct())
                .containsExactly(503);
        awaitHealth(200);
        // What a 503 refused may have been written after all: to the ledger it is as if no answer had come.
        scene.sender().send(words, 0);
        sent = scene.sender().ledger();
        assertThat(sent.subList(before + 80, sent.size())).allMatch(Sent::accepted);
        check("database frozen");
    }

    @Test
    @Order(4)
    void aCommitWhoseAnswerIsLostIsThereOnceAfterTheRetry() throws Exception {
        Sender.Word word = null;
        Sent sent = null;
        // The line may be cut in somebody else's commit: a key's last use is written down from time to time.
        for (int i = 0; i < 10 && (sent == null || sent.accepted()); i++) {
            word = Words.firing("cut-" + i);
            CountDownLatch cut = proxy.cutAt("COMMIT");
            sent = scene.sender().send(word);
            assertThat(cut.await(60, TimeUnit.SECONDS)).as("cut").isTrue();
        }
        assertThat(sent.status()).isEqualTo(503);
        awaitHealth(200);
        Sent again = scene.sender().send(word);
        assertThat(again.verdicts()).containsExactly("duplicate");
        assertThat(number("select count(*) from alert_full where content like '%" + word.subject() + "%'"))
                .isEqualTo(1);
        check("cut off in the commit");
        assertThat(scene.told("ops").stream().filter(line -> line.fingerprint()
                        .equals(again.fingerprints().get(0))))
                .hasSize(1);
    }

    @Test
    @Order(5)
    void slowListsTakeNothingFromThoseWhoSend() throws Exception {
        int before = scene.sender().ledger().size();
        List<CompletableFuture<HttpResponse<String>>> lists = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table incident in access exclusive mode");
            HttpClient client = HttpClient.newHttpClient();
            for (int i = 0; i < 50; i++) {
                lists.add(client.sendAsync(
                        HttpRequest.newBuilder(scene.hub().uri("/api/incidents"))
                                .header("X-API-KEY", scene.key())
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            // Longer than a key is remembered.
            scene.sender().send(some(Size.of(200, 2_000)), 50);
            connection.rollback();
        }
        List<Sent> sent = scene.sender().ledger();
        assertThat(sent.subList(before, sent.size())).allMatch(Sent::accepted);
        for (CompletableFuture<HttpResponse<String>> list : lists) {
            assertThat(list.get(60, TimeUnit.SECONDS).statusCode()).isIn(200, 503);
        }
        check("50 slow lists");
    }

    @Test
    @Order(6)
    void aDeadlockAndASerializationFailureAreRetriedUnseen() throws Exception {
        Awaitility.await("two alerts")
                .atMost(PATIENCE)
                .until(() -> accepted(sendPair().get()));
        scene.ledger().awaitQuiet(PATIENCE);
        long deadlocks = deadlocks();
        assertThat(fewTimes(this::deadlock)).as("accepted").isTrue();
        assertThat(deadlocks()).isGreaterThan(deadlocks);

        alter("set default_transaction_isolation = 'repeatable read'");
        boolean accepted = fewTimes(this::overtaken);
        alter("reset default_transaction_isolation");
        assertThat(accepted).as("accepted").isTrue();
        check("deadlock and serialization failure");
    }

    @Test
    @Order(7)
    void aReadOnlyServerIsNotReady() throws Exception {
        alter("set default_transaction_read_only = on");
        awaitHealth(503);
        assertThat(scene.sender().send(Words.firing("read-only")).status()).isEqualTo(503);
        alter("reset default_transaction_read_only");
        awaitHealth(200);
        awaitTaken("read-only");
        check("read only for a while");
    }

    /** Where this machine stands still for a while in between, all is refused: then it is tried again. */
    private static boolean fewTimes(Callable<JsonNode> fault) throws Exception {
        boolean accepted = false;
        for (int i = 0; i < 5 && !accepted; i++) {
            accepted = accepted(fault.call());
        }
        return accepted;
    }

    private static boolean accepted(JsonNode answer) {
        return answer.at("/status").asText().equals("success");
    }

    private long deadlocks() throws SQLException {
        return number("select deadlocks from pg_stat_database where datname = 'postgres'");
    }

    /** The hub locks in the order of fingerprints: whoever goes the other way meets it in the middle. */
    private JsonNode deadlock() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            // Whose patience ends first is rolled back: the hub's, of one second.
            statement.execute("set deadlock_timeout = '20s'");
            connection.setAutoCommit(false);
            statement.execute(lock("desc"));
            CompletableFuture<JsonNode> answer = sendPair();
            awaitWaiting();
            statement.execute(lock("asc"));
            connection.rollback();
            return answer.get(60, TimeUnit.SECONDS);
        }
    }

    private JsonNode overtaken() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("update alert set last_received = last_received where id in (select id from alert_full"
                    + " where content like '%left%' or content like '%right%')");
            CompletableFuture<JsonNode> answer = sendPair();
            awaitWaiting();
            connection.commit();
            return answer.get(60, TimeUnit.SECONDS);
        }
    }

    private static String lock(String order) {
        return "select id from alert_full where content like '%left%' or content like '%right%' order by fingerprint "
                + order + " limit 1 for update";
    }

    private CompletableFuture<JsonNode> sendPair() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return scene.hub().post("/api/alerts/event/prometheus", scene.key(), pair("left", "right"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void awaitWaiting() {
        Awaitility.await("the hub to wait for a lock")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> number("select count(*) from pg_stat_activity where application_name = 'serai'"
                                + " and wait_event_type = 'Lock'")
                        > 0);
    }

    /** Changes what new connections to the database get, and cuts the old ones. */
    private void alter(String change) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setReadOnly(false);
            statement.execute("set default_transaction_read_only = off");
            statement.execute("alter database postgres " + change);
            statement.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'serai'");
        }
        if (!change.contains("read_only = on")) {
            awaitTaken("altered");
            awaitHealth(200);
        }
    }

    private static String pair(String left, String right) throws Exception {
        ObjectNode body = (ObjectNode) JSON.readTree(Words.firing(left).body());
        ((ArrayNode) body.get("alerts"))
                .add(JSON.readTree(Words.firing(right).body()).at("/alerts/0"));
        return body.toString();
    }

    private List<Sender.Word> some(int count) {
        List<Sender.Word> words = new ArrayList<>();
        for (Sender.Word word : talk) {
            if (words.size() == count) {
                break;
            }
            words.add(word);
        }
        return words;
    }

    private void sendUntilInterrupted() {
        try {
            scene.sender().send(talk, 100);
        } catch (InterruptedException e) {
            // enough
        }
    }

    private long accepted() {
        return scene.sender().ledger().stream().filter(Sent::accepted).count();
    }

    private void awaitAccepted(long count) {
        Awaitility.await(count + " words taken").atMost(PATIENCE).until(() -> accepted() >= count);
    }

    /** A pool finds out one by one which connections were cut. */
    private void awaitTaken(String subject) {
        Awaitility.await("a word on " + subject + " taken")
                .atMost(PATIENCE)
                .until(() -> scene.sender().send(Words.firing(subject)).accepted());
    }

    private void awaitHealth(int status) {
        Awaitility.await("health at " + status)
                .atMost(PATIENCE)
                .until(() -> scene.hub().health() == status);
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void check(String what) throws SQLException {
        Checker.Report report = scene.check(what, seed, scene.sender().ledger());
        assertThat(report.faults()).isEmpty();
    }
}
