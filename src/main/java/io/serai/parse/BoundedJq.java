package io.serai.parse;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.language.jq.JqLanguage;
import org.apache.camel.support.ExpressionAdapter;

/**
 * Camel's jq, on which a body's depth has no other effect than that its mapping fails. jq here calls itself for each step
 * of a mapping and each level of a body, and Camel lets an error that is no exception pass through to the thread: a nest
 * of sixty levels would cost the sender its answer and the door a worker (guarded fault 45).
 */
public final class BoundedJq extends JqLanguage {
    /** The name by which a context finds its jq. */
    public static final String NAME = "jq";

    @Override
    public Expression createExpression(Expression source, String text, Object[] properties) {
        return new Bounded(super.createExpression(source, text, properties));
    }

    /** As the one inside; running out of stack is a failure of this expression. */
    private static final class Bounded extends ExpressionAdapter {
        private final Expression jq;

        Bounded(Expression jq) {
            this.jq = jq;
        }

        @Override
        public void init(CamelContext context) {
            super.init(context);
            jq.init(context);
        }

        @Override
        public Object evaluate(Exchange exchange) {
            try {
                return jq.evaluate(exchange, Object.class);
            } catch (StackOverflowError tooDeep) {
                throw new RuntimeCamelException("it is nested too deep");
            }
        }

        @Override
        public boolean matches(Exchange exchange) {
            try {
                return ((ExpressionAdapter) jq).matches(exchange);
            } catch (StackOverflowError tooDeep) {
                throw new RuntimeCamelException("it is nested too deep");
            }
        }

        @Override
        public String toString() {
            return jq.toString();
        }
    }
}
