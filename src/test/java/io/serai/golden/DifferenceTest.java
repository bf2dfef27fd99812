package io.serai.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {

    @Test
    void namesThePathOfWhatIsOtherMissingOrTooMuch() throws IOException {
        List<Difference> differences =
                Difference.between(json("[{'a': {'b': 1, 'gone': 'x'}}, 2]"), json("[{'a': {'b': 2, 'new': null}}]"));

        assertThat(differences)
                .containsExactly(
                        new Difference("[0].a.b", "1", "2"),
                        new Difference("[0].a.gone", "\"x\"", null),
                        new Difference("[0].a.new", null, "null"),
                        new Difference("[1]", "2", null));
    }

    @Test
    void theOrderOfFieldsAndTheWayANumberIsWrittenDoNotCount() throws IOException {
        assertThat(Difference.between(json("{'a': 1.0, 'b': [1, 2]}"), json("{'b': [1, 2], 'a': 1}")))
                .isEmpty();
        assertThat(Difference.between(json("[1, 2]"), json("[2, 1]"))).hasSize(2);
        assertThat(Difference.between(json("1"), json("'1'"))).hasSize(1);
    }

    private static JsonNode json(String text) throws IOException {
        return StrictJson.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
