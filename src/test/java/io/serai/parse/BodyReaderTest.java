package io.serai.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.door.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** K6: what a sender calls its body, and what it is. */
class BodyReaderTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Set<String> ALL = Set.of("json", "form", "text");

    private static String read(String body, String type, Set<String> forms) {
        return BodyReader.read(body.getBytes(StandardCharsets.ISO_8859_1), type, forms)
                .toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a=1&b=x+y%2Bz|{\"a\":\"1\",\"b\":\"x y+z\"}",
                "a=1&a=2&b=&c&=d|{\"a\":[\"1\",\"2\"],\"b\":\"\",\"c\":\"\",\"\":\"d\"}",
                "a=1&&b=2&|{\"a\":\"1\",\"b\":\"2\"}",
                "a%3Db=c=d|{\"a=b\":\"c=d\"}",
                "id=90071992547409931234&t=%F0%9F%9A%A8|{\"id\":\"90071992547409931234\",\"t\":\"🚨\"}",
                "payload=%7B%22a%22%3A1%7D|{\"payload\":\"{\\\"a\\\":1}\"}",
            })
    void aFormBecomesAnObjectOfTexts(String body, String tree) {
        assertThat(read(body, FORM + "; charset=utf-8", ALL)).isEqualTo(tree);
        assertThat(read(body, FORM.toUpperCase(java.util.Locale.ROOT), Set.of("form")))
                .isEqualTo(tree);
    }

    @ParameterizedTest
    @CsvSource({"a=%", "a=%4", "a=%zz", "%=1", "a=%4&b=1", "a=%FF", "a=%C3&b=%BC", "a=%ED%A0%80"})
    void aBrokenFormIsRefused(String body) {
        assertThatThrownBy(() -> read(body, FORM, ALL))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("The form ");
    }

    @ParameterizedTest
    @CsvSource({"1000", "1001"})
    void aFormHasAThousandFieldsAtMost(int fields) {
        String body = "a=1&".repeat(fields);
        if (fields > 1000) {
            assertThatThrownBy(() -> read(body, FORM, ALL)).isInstanceOf(Refusal.class);
        } else {
            assertThat(BodyReader.read(body.getBytes(StandardCharsets.US_ASCII), FORM, ALL)
                            .path("a"))
                    .hasSize(fields);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-", "text/plain", "application/octet-stream", FORM, "application/json"})
    void jsonIsJsonWhateverItIsCalled(String type) {
        assertThat(read(" {\"n\":12345678901234567890123}", type, ALL)).isEqualTo("{\"n\":12345678901234567890123}");
        assertThat(read("[1]", type, Set.of("json"))).isEqualTo("[1]");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"text/plain", "text/plain; charset=utf-8", "TEXT/XML", "application/xml", "application/x+xml"})
    void aTextThatIsNoJsonIsOneText(String type) {
        assertThat(read("[web-1] it's \"down\"", type, ALL)).isEqualTo("\"[web-1] it's \\\"down\\\"\"");
        assertThatThrownBy(() -> read("[web-1] down", type, Set.of("json", "form")))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> read("d\u00f6wn", type, ALL)).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-", "application/json", "application/octet-stream", FORM})
    void whatTheProviderDoesNotTakeIsRefused(String type) {
        assertThatThrownBy(() -> read("a=1", type, Set.of("json", "text")))
                .isInstanceOf(Refusal.class)
                .hasMessage("The body is not valid JSON.");
        assertThatThrownBy(() -> read("", type, ALL)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> read("{\"a\":1", type, ALL)).isInstanceOf(Refusal.class);
    }
}
