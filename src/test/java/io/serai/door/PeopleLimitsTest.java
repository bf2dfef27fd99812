package io.serai.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.serai.record.SetClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** S10, S11, fault 34: ten a minute for a user, a hundred a minute and twenty in ten seconds for a team. */
class PeopleLimitsTest {
    private static final long NOON = Instant.parse("2026-05-04T12:00:00Z").getEpochSecond();

    private final SetClock clock = new SetClock(Instant.parse("2026-05-04T12:00:00.400Z"));
    private final PeopleLimits limits = new PeopleLimits(10, 100, 20, clock);

    private Standing take(String user, String team) {
        return limits.take(new Principal.Person(user, team));
    }

    private int taken(String user, String team, int asked) {
        int taken = 0;
        for (int i = 0; i < asked; i++) {
            taken += take(user, team).problem() == null ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aUserMayTenAMinuteAndIsToldWhereHeStands() {
        assertThat(take("anna", "storage")).isEqualTo(new Standing(10, 9, NOON + 61, 0, null));
        for (int i = 0; i < 8; i++) {
            take("anna", "storage");
        }
        assertThat(take("anna", "storage")).isEqualTo(new Standing(10, 0, NOON + 61, 61, null));
        clock.forward(Duration.ofSeconds(16));
        assertThat(take("anna", "storage"))
                .isEqualTo(new Standing(10, 0, NOON + 61, 45, "A user may make 10 requests a minute."));
        clock.forward(Duration.ofSeconds(45));
        assertThat(take("anna", "storage").problem()).isNull();
    }

    @Test
    void aTeamMayTwentyInTenSecondsAndOthersAreNotHeldUpByIt() {
        assertThat(taken("anna", "storage", 10) + taken("bert", "storage", 10)).isEqualTo(20);
        assertThat(take("carl", "storage").problem()).isEqualTo("A team may make 20 requests in ten seconds.");
        assertThat(taken("dora", "network", 10)).isEqualTo(10);
        clock.forward(Duration.ofSeconds(11));
        assertThat(taken("carl", "storage", 20)).isEqualTo(10);
    }

    @Test
    void aTeamMayAHundredAMinute() {
        int taken = 0;
        for (int round = 0; round < 6; round++) {
            for (int user = 0; user < 2; user++) {
                taken += taken("user" + round + user, "storage", 10);
            }
            clock.forward(Duration.ofMillis(11_000));
        }
        assertThat(taken).as("five rounds of 20 and then none").isEqualTo(100);
    }

    /** Whatever the rhythm: no span of sixty seconds has more than ten. */
    @Test
    void noMinuteEverHasMoreThanTheLimit() {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            if (take("anna", "storage").problem() == null) {
                times.add(clock.millis());
            }
            clock.forward(Duration.ofMillis(137));
        }
        assertThat(times).hasSizeGreaterThan(40);
        for (int i = 10; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 10)).isGreaterThanOrEqualTo(60_000);
        }
    }

    @Test
    void whatOthersLetInCountsAndWhatIsOldIsForgotten() {
        limits.others(List.of(new PeopleLimits.Use("team/storage/user/anna", NOON - 3, 8)));
        limits.others(List.of(new PeopleLimits.Use("team/storage/user/anna", NOON - 3, 8)));
        assertThat(taken("anna", "storage", 10)).as("told twice, counted once").isEqualTo(2);
        clock.forward(Duration.ofSeconds(58));
        assertThat(taken("anna", "storage", 10)).isEqualTo(8);
    }

    @Test
    void newsAreToldOnceAndAgainWhileTheirSecondLasts() {
        taken("anna", "storage", 3);
        assertThat(limits.news())
                .containsExactlyInAnyOrder(
                        new PeopleLimits.Use("team/storage/user/anna", NOON, 3),
                        new PeopleLimits.Use("team/storage", NOON, 3));
        taken("anna", "storage", 1);
        assertThat(limits.news()).contains(new PeopleLimits.Use("team/storage", NOON, 4));
        clock.forward(Duration.ofSeconds(1));
        limits.news();
        assertThat(limits.news()).isEmpty();
        clock.forward(Duration.ofSeconds(1));
        taken("anna", "storage", 1);
        assertThat(limits.news()).contains(new PeopleLimits.Use("team/storage", NOON + 2, 1));
    }

    @Test
    void whatAnAnswerCarriesIsWhatTheDocumentSays() throws Exception {
        JsonNode named = new YAMLMapper()
                .readTree(Path.of("schema/openapi.yaml").toFile())
                .at("/components/responses/Success/headers");
        assertThat(take("anna", "storage").on(Answer.text(200, "OK")).headers().keySet())
                .containsExactlyInAnyOrderElementsOf(named::fieldNames);
    }
}
