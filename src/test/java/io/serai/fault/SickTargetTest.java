package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults 20, 21, 22, 23, 25: a destination is ill in each of the usual ways, the others are not kept waiting (P3, P5, P7). */
class SickTargetTest {

    @TempDir
    Path folder;

    static Map<String, Answer> illnesses() {
        Map<String, Answer> illnesses = new LinkedHashMap<>();
        illnesses.put("500", Answer.status(500));
        illnesses.put("429", Answer.status(429).retryAfter("1"));
        illnesses.put("hanging", Answer.of(Answer.Kind.HANG));
        illnesses.put("resetting", Answer.of(Answer.Kind.RESET));
        return illnesses;
    }

    static List<String> names() {
        return List.copyOf(illnesses().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void nothingIsLostAndTheOthersGoOn(String illness) throws Exception {
        long seed = Size.seed();
        int subjects = Size.of(30, 300);
        Map<String, String> settings = Map.of(
                "serai.destination.sick.timeout", "1s",
                "serai.destination.sick.retry.count", "100",
                "serai.destination.sick.retry.delay-cap", "2s",
                "serai.destination.sick.retry.budget", "30m",
                "serai.destination.sick.breaker.requests", "4",
                "serai.destination.sick.breaker.delay", "1s");
        try (Scene scene = new Scene(folder, Database.Kind.SQLITE, List.of("well", "sick"), settings)) {
            scene.stub().set("/sick", illnesses().get(illness));
            scene.hub().start();
            List<String> names = new ArrayList<>();
            for (int i = 0; i < subjects; i++) {
                names.add(illness + "-" + i);
            }
            scene.sender().send(names.stream().map(Words::firing).toList(), 0);
            awaitTold(scene, "well", "firing", subjects);
            scene.sender()
                    .send(
                            names.stream()
                                    .limit(subjects / 2)
                                    .map(Words::resolved)
                                    .toList(),
                            0);
            awaitTold(scene, "well", "resolved", subjects / 2);
            assertThat(scene.told("sick")).as("asked while ill").isNotEmpty().noneMatch(StubLine::accepted);
            awaitBreaker(scene, 2);
            if (illness.equals("500")) {
                // What is parked behind the breaker outlives it.
                scene.hub().stop();
                scene.hub().start();
            }
            TimeUnit.SECONDS.sleep(Size.of(0, 120)); // the outage itself

            scene.stub().set("/sick", Answer.OK);
            Checker.Report report =
                    scene.check("sick: " + illness, seed, scene.sender().ledger());
            assertThat(report.faults()).isEmpty();
            assertThat(report.counts().get("dead")).as("dead").isZero();
            awaitBreaker(scene, 0);
        }
    }

    /** Fault 30: what a destination refused for good is given up, and told after all when an operator says so. */
    @Test
    void whatWasGivenUpIsToldWhenItIsReplayed() throws Exception {
        long seed = Size.seed();
        int subjects = Size.of(20, 300);
        try (Scene scene = new Scene(folder, Database.Kind.SQLITE, List.of("well", "sick"), Map.of())) {
            scene.stub().set("/sick", Answer.status(400));
            scene.hub().start();
            List<String> names =
                    IntStream.range(0, subjects).mapToObj(i -> "refused-" + i).toList();
            scene.sender().send(names.stream().map(Words::firing).toList(), 0);
            awaitTold(scene, "well", "firing", subjects);
            awaitDead(scene, subjects);
            scene.sender().send(names.stream().map(Words::resolved).toList(), 0);
            awaitTold(scene, "well", "resolved", subjects);
            awaitDead(scene, 2 * subjects);
            assertThat(scene.told("sick")).noneMatch(StubLine::accepted);

            scene.stub().set("/sick", Answer.OK);
            String replayed = scene.hub()
                    .post("/api/deliveries/replay", scene.key(), "{\"destination\":\"sick\"}")
                    .at("/data/replayed")
                    .asText();
            assertThat(replayed).isEqualTo(String.valueOf(2 * subjects));
            Checker.Report report = scene.check("replayed", seed, scene.sender().ledger());
            assertThat(report.faults()).isEmpty();
            assertThat(report.counts().get("dead")).as("dead").isZero();
            awaitTold(scene, "sick", "resolved", subjects);
        }
    }

    private static void awaitDead(Scene scene, int count) {
        Awaitility.await(count + " dead")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> scene.ledger().read().duties().stream()
                                .filter(duty -> duty.state().equals("dead"))
                                .count()
                        == count);
    }

    /** The targets are asked for what they got while the other is still ill: that is what "not kept waiting" means. */
    private static void awaitTold(Scene scene, String destination, String status, int subjects) {
        Awaitility.await(destination + " told of " + subjects + " " + status)
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> {
                    Set<String> told = scene.told(destination).stream()
                            .filter(line -> line.accepted() && line.status().equals(status))
                            .map(StubLine::fingerprint)
                            .collect(Collectors.toSet());
                    return told.size() == subjects;
                });
    }

    /** @param state 0 closed, 1 half-open, 2 open */
    private static void awaitBreaker(Scene scene, int state) {
        String gauge = "serai_delivery_breaker{destination=\"sick\"} ";
        Awaitility.await("breaker of sick at " + state)
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> scene.hub().metrics().lines().anyMatch(line -> line.equals(gauge + state + ".0")));
    }
}
