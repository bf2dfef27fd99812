package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults 65, 66: two nodes on one PostgreSQL make each delivery once, and one goes on where the other died. */
class TwoNodesTest {

    @TempDir
    Path folder;

    @Test
    void eachDeliveryIsMadeOnceAndByTheSurvivorWhenOneDies() throws Exception {
        long seed = Size.seed();
        int words = Size.of(1_000, 20_000);
        // What a dead node had claimed is the survivor's when the lease is over: this long and half a minute.
        Map<String, String> settings = Map.of(
                "serai.destination.ops.timeout", "2s",
                "serai.destination.ops.breaker.timeout", "5s",
                "serai.destination.desk.timeout", "2s",
                "serai.destination.desk.breaker.timeout", "5s");
        try (Scene scene = new Scene(folder, Database.Kind.POSTGRESQL, List.of("ops", "desk"), settings);
                SeraiProcess other = scene.another("node-2")) {
            scene.hub().start();
            other.start();
            AtomicInteger turn = new AtomicInteger();
            Sender sender =
                    new Sender(() -> (turn.getAndIncrement() % 2 == 0 ? scene.hub() : other).ingest(), scene.key());
            Talk talk = new Talk("pair", seed);
            sender.send(some(talk, words), 0);
            Checker.Report both = scene.check("two nodes", seed, sender.ledger());
            assertThat(both.faults()).isEmpty();
            assertThat(both.counts().get("accepted")).isEqualTo(words);
            assertThat(both.counts().get("repeated"))
                    .as("sends of something already taken")
                    .isZero();

            sender.send(some(talk, words / 4), 0);
            other.kill();
            Checker.Report one = scene.check("two nodes, one killed", seed, sender.ledger());
            assertThat(one.faults()).isEmpty();
        }
    }

    private static List<Sender.Word> some(Talk talk, int count) {
        List<Sender.Word> words = new ArrayList<>();
        for (Sender.Word word : talk) {
            if (words.size() == count) {
                break;
            }
            words.add(word);
        }
        return words;
    }
}
