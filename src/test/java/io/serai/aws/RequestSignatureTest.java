package io.serai.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.record.SetClock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AWS's published test suite of Signature Version 4: get-vanilla, post-vanilla, post-x-www-form-urlencoded. */
class RequestSignatureTest {
    private static final String TIME = "20150830T123600Z";

    private static RequestSignature signature() {
        RequestSignature signature = new RequestSignature(new SetClock(Instant.parse("2015-08-30T12:36:00Z")));
        signature.setEndpoint("https://example.amazonaws.com");
        signature.setRegion("us-east-1");
        signature.setService("service");
        signature.setAccessKey("AKIDEXAMPLE");
        signature.setSecretKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        return signature;
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "POST, 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    })
    void vanilla(String method, String expected) {
        assertThat(signature()
                        .authorization(
                                method,
                                new TreeMap<>(Map.of("host", "example.amazonaws.com", "x-amz-date", TIME)),
                                new byte[0]))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                        + " SignedHeaders=host;x-amz-date, Signature=" + expected);
    }

    @Test
    void aMessageIsSignedWithItsHeadersAndBody() {
        Message message = new DefaultExchange(new DefaultCamelContext()).getMessage();
        message.setHeader("Content-Type", "application/x-www-form-urlencoded");
        message.setHeader("CamelHttpPath", "/");
        message.setBody("Param1=value1");

        signature().sign(message);

        assertThat(message.getHeader("X-Amz-Date")).isEqualTo(TIME);
        assertThat(message.getHeader("Authorization", String.class))
                .endsWith("SignedHeaders=content-type;host;x-amz-date,"
                        + " Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
        assertThat(message.getBody(byte[].class)).isEqualTo("Param1=value1".getBytes(StandardCharsets.UTF_8));
    }
}
