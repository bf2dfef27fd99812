package io.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.json.StrictJson;
import org.junit.jupiter.api.Test;

class VisibleTest {
    @Test
    void whatWouldMoveTheCursorIsWrittenAsAnEscape() {
        assertThat(Visible.of("a\u001b]0;title\u0007b\r\n\tc\u009b31m"))
                .isEqualTo("a\\u001b]0;title\\u0007b\\u000d\\n\\tc\\u009b31m");
        assertThat(Visible.of("\u202egnp.exe\u2066 \ufeff")).isEqualTo("\\u202egnp.exe\\u2066 \\ufeff");
    }

    @Test
    void whatHasNoShapeIsShown() {
        assertThat(Visible.of("a\u200bb\u061cc\u00add\u2028e\udb40\udc41"))
                .isEqualTo("a\\u200bb\\u061cc\\u00add\\u2028e\\ue0041");
        assertThat(Visible.of("half \ud83d")).isEqualTo("half \\ud83d");
    }

    @Test
    void jsonStaysTheSameJson() throws Exception {
        String text = "a\u009b31m\u202e\u2028\udb40\udc41 \ud83d\udea8 \u200d";
        String json = StrictJson.mapper().writeValueAsString(text);

        assertThat(Visible.json(json))
                .doesNotContain("\u009b", "\u202e", "\u2028", "\udb40")
                .contains("\ud83d\udea8");
        assertThat(StrictJson.mapper().readValue(Visible.json(json), String.class))
                .isEqualTo(text);
    }

    @Test
    void otherTextIsLeftAlone() {
        String text = "Grüße, 例え 🚨 \"quoted\" $(id) \ud83d\udc68\u200d\ud83d\udcbb";
        assertThat(Visible.of(text)).isEqualTo(text);
    }
}
