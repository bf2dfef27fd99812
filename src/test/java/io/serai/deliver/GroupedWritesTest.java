package io.serai.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.record.LedgerOptions;
import io.serai.record.LedgerUnavailable;
import io.serai.record.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupedWritesTest {
    private static final int CALLERS = 10;

    @TempDir
    Path data;

    private Store store;
    private GroupedWrites writes;
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Thread> callers = new ArrayList<>();

    @BeforeEach
    void open() {
        store = Store.open(LedgerOptions.embedded(data, "test"));
        writes = new GroupedWrites(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private CompletableFuture<Integer> later(GroupedWrites.Work<Integer> work) {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                future.complete(writes.write(work));
            } catch (RuntimeException e) {
                future.completeExceptionally(e);
            }
        });
        caller.start();
        callers.add(caller);
        return future;
    }

    private CompletableFuture<Integer> blocker() throws InterruptedException {
        CompletableFuture<Integer> first = later(connection -> {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
            return insert(connection, "first");
        });
        entered.await();
        return first;
    }

    private void goOnOnceAllWait() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> callers.stream().skip(1).allMatch(each -> each.getState() == Thread.State.WAITING));
        release.countDown();
    }

    private static int insert(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("insert into tally (name, node, value) values ('" + name + "', 'n', 1)");
        }
    }

    private long rows() throws SQLException {
        try (Connection connection = store.reader().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from tally")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void commitsAllWhoWaitedTogether() throws Exception {
        Set<Connection> connections = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        CompletableFuture<Integer> first = blocker();
        List<CompletableFuture<Integer>> others = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            String name = "n" + i;
            others.add(later(connection -> {
                connections.add(connection);
                return insert(connection, name);
            }));
        }
        goOnOnceAllWait();
        assertThat(first.join()).isEqualTo(1);
        others.forEach(each -> assertThat(each.join()).isEqualTo(1));
        assertThat(connections).as("one transaction").hasSize(1);
        assertThat(rows()).isEqualTo(CALLERS + 1);
    }

    @Test
    void oneThatFailsTakesNobodyAlong() throws Exception {
        blocker();
        CompletableFuture<Integer> good = later(connection -> insert(connection, "good"));
        CompletableFuture<Integer> bad = later(connection -> insert(connection, "it's"));
        CompletableFuture<Integer> last = later(connection -> insert(connection, "last"));
        goOnOnceAllWait();
        assertThat(good.join()).isEqualTo(1);
        assertThat(last.join()).isEqualTo(1);
        assertThatThrownBy(bad::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(LedgerUnavailable.class);
        assertThat(rows()).isEqualTo(3);
    }
}
