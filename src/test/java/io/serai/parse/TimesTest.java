package io.serai.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.json.StrictJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            "2026-03-01T10:00:00Z"            | 2026-03-01T10:00:00Z
            "2026-03-01T10:00:00.123456789Z"  | 2026-03-01T10:00:00.123456789Z
            "2026-03-01T12:00:00.5+02:00"     | 2026-03-01T10:00:00.500Z
            "2026-03-01T12:00:00+0200"        | 2026-03-01T10:00:00Z
            "2026-03-01 10:00:00Z"            | 2026-03-01T10:00:00Z
            "2026-03-01 10:00:00"             | 2026-03-01T10:00:00Z
            "Sun, 01 Mar 2026 10:00:00 GMT"   | 2026-03-01T10:00:00Z
            1772359200                        | 2026-03-01T10:00:00Z
            "1772359200"                      | 2026-03-01T10:00:00Z
            1772359200.25                     | 2026-03-01T10:00:00.250Z
            1772359200123                     | 2026-03-01T10:00:00.123Z
            1772359200123456                  | 2026-03-01T10:00:00.123456Z
            1772359200123456789               | 2026-03-01T10:00:00.123456789Z
            """)
    void readsWhatSendersWrite(String json, String expected) throws Exception {
        Times.Read read = Times.read(node(json));
        assertThat(read.time()).hasToString("Optional[" + expected + "]");
        assertThat(read.wrong()).isFalse();
    }

    @Test
    void saysWhenItGuessedTheZone() throws Exception {
        assertThat(Times.read(node("\"2026-03-01T10:00:00\"")).assumed()).contains("UTC");
        assertThat(Times.read(node("\"2026-03-01T10:00:00Z\"")).assumed()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "-1", "0", "\"0001-01-01T00:00:00Z\"", "\"-1\""})
    void takesAZeroDateAsNoDate(String json) throws Exception {
        Times.Read read = Times.read(node(json));
        assertThat(read.time()).isEmpty();
        assertThat(read.wrong()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"yesterday\"",
                "true",
                "[]",
                "1e30",
                "\"10000-01-01T00:00:00Z\"",
                "\"+999999999-01-01T00:00:00Z\""
            })
    void saysWhatIsNoTime(String json) throws Exception {
        assertThat(Times.read(node(json)).wrong()).isTrue();
    }

    private static JsonNode node(String json) throws Exception {
        return StrictJson.read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
