package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.provider.Provider;
import java.util.Optional;

/**
 * What is made over there once and found again by its name. Found first, so that doing it again changes what is there and
 * doubles nothing (O10, K13); looked at afterwards, so that an answer which was lost does not matter and one which was a
 * lie comes out.
 */
final class Things {
    private final Asker asker;

    Things(Asker asker) {
        this.asker = asker;
    }

    /** What was done about one thing: {@code created}, {@code updated}, {@code replaced}, {@code found}. */
    record Done(JsonNode id, String did) {}

    /**
     * Its id; empty when it is not there.
     *
     * @throws AskFailure when that cannot be found out
     */
    Optional<JsonNode> find(Access access, Provider.Thing thing, ObjectNode parameters) {
        try {
            return Optional.of(asker.ask(access, thing.find(), parameters))
                    .filter(id ->
                            id.isValueNode() && !id.isNull() && !id.asText().isEmpty());
        } catch (AskFailure failure) {
            if (failure.notFound()) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /**
     * Makes it, or brings it up to date.
     *
     * @throws AskFailure when it is not there as it should be afterwards
     */
    Done ensure(Access access, Provider.Thing thing, ObjectNode parameters) {
        Optional<JsonNode> there = find(access, thing, parameters);
        if (thing.create() == null) {
            return new Done(
                    there.orElseThrow(() -> AskFailure.answer("there is no " + thing.name() + " over there")), "found");
        }
        if (there.isEmpty()) {
            return new Done(create(access, thing, parameters), "created");
        }
        if (thing.update() == null && thing.remove() == null) {
            return new Done(there.get(), "found");
        }
        ObjectNode with = with(parameters, there.get());
        if (thing.update() != null) {
            asker.ask(access, thing.update(), with);
            return new Done(there.get(), "updated");
        }
        // The vendor lets nobody change it: the new one first, so that at no time there is none.
        JsonNode id = asker.ask(access, thing.create(), parameters);
        asker.ask(access, thing.remove(), with);
        return new Done(found(access, thing, parameters, id), "replaced");
    }

    /** As {@link #ensure}, but what is there already stays as it is. */
    Done make(Access access, Provider.Thing thing, ObjectNode parameters) {
        Optional<JsonNode> there = find(access, thing, parameters);
        return there.isPresent()
                ? new Done(there.get(), "found")
                : new Done(create(access, thing, parameters), "created");
    }

    private JsonNode create(Access access, Provider.Thing thing, ObjectNode parameters) {
        try {
            return found(access, thing, parameters, asker.ask(access, thing.create(), parameters));
        } catch (AskFailure failure) {
            if (failure.refused()) {
                throw failure;
            }
            // It may have been made all the same.
            return find(access, thing, parameters).orElseThrow(() -> failure);
        }
    }

    private JsonNode found(Access access, Provider.Thing thing, ObjectNode parameters, JsonNode said) {
        JsonNode id = find(access, thing, parameters)
                .orElseThrow(
                        () -> AskFailure.answer("the system says that it made the " + thing.name() + ", but has none"));
        return said.isValueNode() && !said.isNull() ? said : id;
    }

    /**
     * Takes it away.
     *
     * @return false when it was not there
     * @throws AskFailure when it is still there afterwards
     */
    boolean remove(Access access, Provider.Thing thing, ObjectNode parameters) {
        Optional<JsonNode> there = find(access, thing, parameters);
        if (there.isEmpty() || thing.remove() == null) {
            return false;
        }
        try {
            asker.ask(access, thing.remove(), with(parameters, there.get()));
        } catch (AskFailure failure) {
            if (!failure.notFound()) {
                throw failure;
            }
        }
        if (find(access, thing, parameters).isPresent()) {
            throw AskFailure.answer("the system says that it removed the " + thing.name() + ", but has it still");
        }
        return true;
    }

    private static ObjectNode with(ObjectNode parameters, JsonNode id) {
        return parameters.deepCopy().set("id", id);
    }
}
