package io.serai.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.reload.InUse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fault 67: the routes behind the door are replaced while requests are in them and before them. */
class DoorSwapTest {
    private static final String PATH = "/api/alerts/event/acme";

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();

    private Door door(int workers) {
        Door door = new Door(
                new DoorOptions(
                        "127.0.0.1", 0, 10_000, workers, 500, 500, Duration.ofSeconds(30), Duration.ofSeconds(30)),
                new DoorKeeper(key -> Optional.of(new Principal("k", Set.of("ingest:acme"))), new NoSecrets(), 60),
                new RateLimit(0),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        open.add(door);
        door.listen();
        return door;
    }

    /** Routes that answer with a word, after a latch where there is one. */
    private final class Routes {
        private final InUse use = new InUse();
        private final DefaultCamelContext camel = new DefaultCamelContext();
        private final DoorEngine engine;
        private final CountDownLatch entered;

        Routes(Door door, String word, String path, int expected, CountDownLatch release) throws Exception {
            engine = door.engine(use);
            entered = new CountDownLatch(expected);
            camel.getRegistry().bind("platform-http-engine", engine);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("platform-http:" + path + "?httpMethodRestrict=POST").process(exchange -> {
                        entered.countDown();
                        if (release != null) {
                            release.await();
                        }
                        exchange.getMessage().setBody(word);
                    });
                }
            });
            camel.start();
            open.add(camel);
        }
    }

    private CompletableFuture<String> post(Door door) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + PATH))
                .header("X-API-KEY", "any")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> answer.statusCode() + " " + answer.body());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void aHundredInFlightEndWhereTheyBeganAndTheNextComesToTheNewRoutes() throws Exception {
        Door door = door(101);
        CountDownLatch release = new CountDownLatch(1);
        Routes old = new Routes(door, "old", PATH, 100, release);
        door.serve(old.engine);
        List<CompletableFuture<String>> inFlight = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            inFlight.add(post(door));
        }
        old.entered.await();
        Routes next = new Routes(door, "new", PATH, 1, null);
        AtomicBoolean unused = new AtomicBoolean();

        door.serve(next.engine);
        old.use.retire(() -> unused.set(true));

        assertThat(post(door).get()).isEqualTo("200 new");
        assertThat(unused).as("let go while requests are in it").isFalse();
        release.countDown();
        for (CompletableFuture<String> each : inFlight) {
            assertThat(each.get()).isEqualTo("200 old");
        }
        await().untilTrue(unused);
        assertThat(old.use.begin()).isFalse();
    }

    @Test
    void whatWaitedBeforeTheOldRoutesIsAnsweredByTheNewOnes() throws Exception {
        Door door = door(1);
        CountDownLatch release = new CountDownLatch(1);
        Routes old = new Routes(door, "old", PATH, 1, release);
        door.serve(old.engine);
        CompletableFuture<String> inside = post(door);
        old.entered.await();
        List<CompletableFuture<String>> waiting = List.of(post(door), post(door), post(door));
        await().until(() -> door.workers() instanceof java.util.concurrent.ThreadPoolExecutor pool
                && pool.getQueue().size() == 3);
        Routes next = new Routes(door, "new", PATH, 3, null);

        door.serve(next.engine);
        old.use.retire(() -> {});
        release.countDown();

        assertThat(inside.get()).isEqualTo("200 old");
        for (CompletableFuture<String> each : waiting) {
            assertThat(each.get()).isEqualTo("200 new");
        }
    }

    @Test
    void aPathThatTheNewRoutesDoNotHaveIsGoneAndRoutesThatAreNotServedAnswerNothing() throws Exception {
        Door door = door(2);
        Routes old = new Routes(door, "old", PATH, 1, null);
        assertThat(post(door).get()).startsWith("404");
        door.serve(old.engine);
        assertThat(post(door).get()).isEqualTo("200 old");
        Routes next = new Routes(door, "new", "/api/alerts/event/other", 1, null);
        assertThat(post(door).get()).isEqualTo("200 old");

        door.serve(next.engine);

        assertThat(post(door).get()).startsWith("404");
    }
}
