package io.serai.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.json.StrictJson;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Language;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fault 45: a mapping that runs out of stack fails as any other mapping does. */
class BoundedJqTest {
    private static final String ENDLESS = "def deeper: [deeper]; deeper";

    private final CamelContext context = new DefaultCamelContext();
    private Language jq;

    @BeforeEach
    void start() {
        context.getRegistry().bind(BoundedJq.NAME, new BoundedJq());
        context.start();
        jq = context.resolveLanguage("jq");
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private Exchange exchange(String body) throws Exception {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(StrictJson.mapper().readTree(body));
        return exchange;
    }

    @Test
    void anExpressionThatRunsOutOfStackFails() throws Exception {
        Exchange exchange = exchange("{}");
        assertThatThrownBy(() -> jq.createExpression(ENDLESS).evaluate(exchange, Object.class))
                .isInstanceOf(RuntimeCamelException.class)
                .hasMessage("it is nested too deep");
        assertThatThrownBy(() -> jq.createPredicate(ENDLESS).matches(exchange))
                .isInstanceOf(RuntimeCamelException.class);
    }

    @Test
    void anyOtherGivesWhatCamelsGives() throws Exception {
        Exchange exchange = exchange("{\"a\": [1, 2]}");
        exchange.setVariable("b", "c");
        assertThat(jq.createExpression("{(variable(\"b\")): .a[1]}", new Object[] {JsonNode.class})
                        .evaluate(exchange, JsonNode.class)
                        .toString())
                .isEqualTo("{\"c\":2}");
        assertThat(jq.createPredicate(".a[0] == 1").matches(exchange)).isTrue();
        assertThat(jq.createPredicate(".a[0] == 2").matches(exchange)).isFalse();
    }
}
