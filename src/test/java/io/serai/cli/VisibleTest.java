package io.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTest {
    @Test
    void whatWouldMoveTheCursorIsWrittenAsAnEscape() {
        assertThat(Visible.of("a\u001b]0;title\u0007b\r\n\tc\u009b31m"))
                .isEqualTo("a\\u001b]0;title\\u0007b\\u000d\\n\\tc\\u009b31m");
        assertThat(Visible.of("\u202egnp.exe\u2066 \ufeff")).isEqualTo("\\u202egnp.exe\\u2066 \\ufeff");
    }

    @Test
    void otherTextIsLeftAlone() {
        String text = "Grüße, 例え 🚨 \"quoted\" $(id)";
        assertThat(Visible.of(text)).isEqualTo(text);
    }
}
