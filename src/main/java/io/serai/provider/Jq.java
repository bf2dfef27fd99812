package io.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** A jq predicate of a provider.yaml, compiled once. Mappings themselves run in the routes, by Camel's jq language. */
final class Jq {
    private static final Scope ROOT = Scope.newEmptyScope();

    static {
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, ROOT);
    }

    private final JsonQuery query;

    private Jq(JsonQuery query) {
        this.query = query;
    }

    /** @throws JsonQueryException when it is not jq */
    static Jq compile(String expression) throws JsonQueryException {
        return new Jq(JsonQuery.compile(expression, Versions.JQ_1_7));
    }

    /** True when the only output is true; a body on which the expression fails is no match. */
    boolean test(JsonNode input) {
        List<JsonNode> outputs = new ArrayList<>(1);
        try {
            query.apply(Scope.newChildScope(ROOT), input, outputs::add);
        } catch (JsonQueryException e) {
            return false;
        }
        return outputs.size() == 1 && outputs.get(0).asBoolean(false);
    }
}
