package io.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One owner at a time, and a token that fences off the one before (P4). */
@ParameterizedClass
@EnumSource(Dialect.class)
class LeasesTest {
    private static final Duration TTL = Duration.ofSeconds(10);

    @Parameter
    Dialect dialect;

    @TempDir
    Path folder;

    private final SetClock clock = new SetClock(Instant.parse("2026-01-02T03:04:05Z"));
    private Store store;
    private Leases leases;

    @BeforeEach
    void open() {
        store = FreshStore.open(dialect, folder);
        leases = new Leases(store, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void onlyOneOwnerHoldsAName() {
        assertThat(leases.acquire("route", "a", TTL)).isPresent();
        assertThat(leases.acquire("route", "b", TTL)).isEmpty();
        assertThat(leases.acquire("poll", "b", TTL)).isPresent();
    }

    @Test
    void theTokenStaysWhileItIsRenewedAndGrowsWithANewOwner() throws Exception {
        Lease first = leases.acquire("route", "a", TTL).orElseThrow();
        clock.forward(Duration.ofSeconds(5));
        assertThat(leases.acquire("route", "a", TTL).orElseThrow().token()).isEqualTo(first.token());
        assertThat(leases.renew(first, TTL)).isPresent();
        assertThat(holds(first)).isTrue();

        clock.forward(TTL);
        Lease second = leases.acquire("route", "b", TTL).orElseThrow();
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(leases.renew(first, TTL)).isEmpty();
        assertThat(holds(first)).isFalse();
        assertThat(holds(second)).isTrue();
    }

    @Test
    void anOwnerThatLetItsLeaseEndGetsANewToken() {
        Lease first = leases.acquire("route", "a", TTL).orElseThrow();
        clock.forward(TTL);
        assertThat(leases.acquire("route", "a", TTL).orElseThrow().token()).isGreaterThan(first.token());
    }

    @Test
    void releaseLetsTheNextOneInAtOnce() {
        Lease first = leases.acquire("route", "a", TTL).orElseThrow();
        leases.release(first);
        Lease second = leases.acquire("route", "b", TTL).orElseThrow();
        leases.release(first);
        assertThat(leases.acquire("route", "a", TTL)).isEmpty();
        assertThat(second.token()).isGreaterThan(first.token());
    }

    private boolean holds(Lease lease) throws Exception {
        return store.transaction(connection -> leases.holds(connection, lease.name(), lease.token()));
    }
}
