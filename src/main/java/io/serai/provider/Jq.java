package io.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** A jq expression of a provider.yaml, compiled once. Mappings themselves run in the routes, by Camel's jq language. */
public final class Jq {
    private static final Scope ROOT = Scope.newEmptyScope();

    static {
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, ROOT);
    }

    private final JsonQuery query;

    private Jq(JsonQuery query) {
        this.query = query;
    }

    /** @throws JsonQueryException when it is not jq */
    public static Jq compile(String expression) throws JsonQueryException {
        return new Jq(JsonQuery.compile(expression, Versions.JQ_1_7));
    }

    /**
     * The only output; null for none.
     *
     * @param ask what the expression sees as {@code $ask}
     * @throws JsonQueryException when it fails on this input, or gives several outputs
     */
    public JsonNode apply(JsonNode input, JsonNode ask) throws JsonQueryException {
        List<JsonNode> outputs = new ArrayList<>(1);
        Scope scope = Scope.newChildScope(ROOT);
        scope.setValue("ask", ask);
        try {
            query.apply(scope, input, outputs::add);
        } catch (StackOverflowError tooDeep) {
            throw new JsonQueryException("cannot use a body that is nested so deep");
        }
        if (outputs.size() > 1) {
            throw new JsonQueryException("gives several outputs");
        }
        return outputs.isEmpty() ? NullNode.getInstance() : outputs.get(0);
    }

    /** True when the only output is true; a body on which the expression fails is no match. */
    boolean test(JsonNode input) {
        List<JsonNode> outputs = new ArrayList<>(1);
        try {
            query.apply(Scope.newChildScope(ROOT), input, outputs::add);
        } catch (JsonQueryException | StackOverflowError e) {
            return false;
        }
        return outputs.size() == 1 && outputs.get(0).asBoolean(false);
    }
}
