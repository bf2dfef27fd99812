package io.serai.door.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** O13, compatibility mode. The right-hand sides were printed by Python 3.11. */
class CompactJsonTest {

    @Test
    void keepsTheOrderOfKeys() {
        assertThat(compact("{\"b\":1,\"a\":2}")).isEqualTo("{\"b\":1,\"a\":2}");
    }

    @Test
    void tellsWholeNumbersFromOthers() {
        assertThat(compact("{ \"z\" : [ 1 , 2.0 , -0.0, -0 , 1e5 ] }")).isEqualTo("{\"z\":[1,2.0,-0.0,0,100000.0]}");
    }

    @Test
    void escapesWhatIsNotAscii() {
        assertThat(compact("{\"t\":\"Z\u00fcrich \u2013 \u65e5\u672c \ud83d\udea8\"}"))
                .isEqualTo("{\"t\":\"Z\\u00fcrich \\u2013 \\u65e5\\u672c \\ud83d\\udea8\"}");
    }

    @Test
    void escapesControlsButNoSlash() {
        assertThat(compact("{\"q\":\"a\\\"b\\\\c/\\u0007\\u007f\\n\"}"))
                .isEqualTo("{\"q\":\"a\\\"b\\\\c/\\u0007\\u007f\\n\"}");
    }

    @Test
    void writesDoublesLikePython() {
        assertThat(
                        compact(
                                "{\"f\":[1e16,1e15,123456789012345680.0,1e-4,1e-5,0.1,1.5e300,5e-324,1.7976931348623157e308,2e-3,2.5E+7,1e400,-1e400,9007199254740993.0,0.30000000000000004]}"))
                .isEqualTo(
                        "{\"f\":[1e+16,1000000000000000.0,1.2345678901234568e+17,0.0001,1e-05,0.1,1.5e+300,5e-324,1.7976931348623157e+308,0.002,25000000.0,Infinity,-Infinity,9007199254740992.0,0.30000000000000004]}");
    }

    @Test
    void keepsEveryDigitOfAWholeNumber() {
        assertThat(compact("{\"i\":123456789012345678901234567890}"))
                .isEqualTo("{\"i\":123456789012345678901234567890}");
    }

    @Test
    void aRepeatedKeyKeepsItsPlaceAndTakesTheLastValue() {
        assertThat(compact("{\"a\":1,\"b\":2,\"a\":3}")).isEqualTo("{\"a\":3,\"b\":2}");
    }

    @Test
    void emptyObject() {
        assertThat(compact("{}")).isEqualTo("{}");
    }

    @Test
    void emptyList() {
        assertThat(compact("[]")).isEqualTo("[]");
    }

    @Test
    void emptyMembersAndWords() {
        assertThat(compact("{\"e\":{},\"l\":[],\"n\":null,\"t\":true,\"f\":false}"))
                .isEqualTo("{\"e\":{},\"l\":[],\"n\":null,\"t\":true,\"f\":false}");
    }

    @Test
    void keepsASurrogatePair() {
        assertThat(compact("\"\\ud83d\\ude00\"")).isEqualTo("\"\\ud83d\\ude00\"");
    }

    @Test
    void readsEscapes() {
        assertThat(compact("{\"slash\":\"\\/\",\"u\":\"\\u00e9\"}")).isEqualTo("{\"slash\":\"/\",\"u\":\"\\u00e9\"}");
    }

    @Test
    void keepsALoneSurrogate() {
        assertThat(compact("{\"lone\":\"\\ud800\"}")).isEqualTo("{\"lone\":\"\\ud800\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "{", "{} {}", "[1,]", "{\"a\" 1}", "nope"})
    void refusesWhatIsNotOneJsonValue(String body) {
        assertThat(CompactJson.of(body.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    private static String compact(String body) {
        return new String(
                CompactJson.of(body.getBytes(StandardCharsets.UTF_8)).orElseThrow(), StandardCharsets.US_ASCII);
    }
}
