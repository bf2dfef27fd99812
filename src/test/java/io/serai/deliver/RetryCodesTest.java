package io.serai.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.config.ConfigurationError;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** G13, G14. */
class RetryCodesTest {
    private static int[] codes(String text) {
        RetryCodes codes = RetryCodes.parse("serai.retry.codes", text);
        return IntStream.range(0, 1000).filter(codes::contains).toArray();
    }

    @Test
    void theDefaultLeavesOutWhatNoRetryHeals() {
        assertThat(codes("429,500,502-599"))
                .hasSize(100)
                .contains(429, 500, 502, 599)
                .doesNotContain(428, 430, 501);
    }

    @Test
    void aHundredIsShort() {
        assertThat(codes("5xx")).isEqualTo(IntStream.rangeClosed(500, 599).toArray());
        assertThat(codes("1xx, 429 ,500-530")).hasSize(100 + 1 + 31);
    }

    @Test
    void rangesIncludeBothEnds() {
        assertThat(codes("100-101, 599-599")).containsExactly(100, 101, 599);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404-329     | 'serai.retry.codes: has an inverted range, which matches nothing. Write the lower code first.'",
                "429,        | 'serai.retry.codes: is no list of status codes. Write codes like 429, 5xx or 502-599.'",
                "5x          | 'serai.retry.codes: is no list of status codes. Write codes like 429, 5xx or 502-599.'",
                "600         | 'serai.retry.codes: has a code that is out of range. Use codes from 100 to 599.'",
                "099-200     | 'serai.retry.codes: has a code that is out of range. Use codes from 100 to 599.'",
                "9xx         | 'serai.retry.codes: has a code that is out of range. Use codes from 100 to 599.'"
            },
            quoteCharacter = '"')
    void whatWouldSilentlyMatchNothingStopsTheStart(String text, String message) {
        assertThatThrownBy(() -> codes(text))
                .isInstanceOf(ConfigurationError.class)
                .hasMessage(message.substring(1, message.length() - 1));
    }
}
