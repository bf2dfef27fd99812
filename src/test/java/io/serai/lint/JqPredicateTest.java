package io.serai.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** Why lint has the rule jq-predicate. When this fails, Camel was mended and the rule can go. */
class JqPredicateTest {
    @Test
    void aPredicateWithAResultTypeIsNeverTrue() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:plain").choice().when().jq(".a == 1").setBody(constant("yes"));
                    from("direct:typed")
                            .choice()
                            .when()
                            .jq(".a == 1", Boolean.class)
                            .setBody(constant("yes"));
                }
            });
            camel.start();
            var producer = camel.createProducerTemplate();
            var body = new ObjectMapper().readTree("{\"a\": 1}");

            assertThat(producer.requestBody("direct:plain", body)).isEqualTo("yes");
            assertThat(producer.requestBody("direct:typed", body)).isEqualTo(body);
        }
    }
}
