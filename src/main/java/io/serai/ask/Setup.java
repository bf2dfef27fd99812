package io.serai.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.api.Keys;
import io.serai.api.NewKey;
import io.serai.json.StrictJson;
import io.serai.provider.Provider;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a provider's system post to Serai, through that system's API (K13): with a key that may do nothing but send for
 * this provider. Done again it changes what is there and puts a fresh key in the old one's place.
 */
final class Setup {
    private final Things things;
    private final Keys keys;

    Setup(Asker asker, Keys keys) {
        this.things = new Things(asker);
        this.keys = keys;
    }

    /**
     * @param url  Serai's own address as the system can reach it, as {@link Egress#address} gives it
     * @param name what the things over there are called
     * @throws AskFailure when the system did not do all of it; a key that it may have got by then still works
     */
    ObjectNode apply(Access access, String url, String name, String who) {
        ObjectNode parameters = StrictJson.mapper().createObjectNode().put("name", name);
        // No key is made for a system that cannot even be asked.
        things.find(access, access.provider().setup().get(0), parameters);
        ObjectNode made =
                keys.create(new NewKey(List.of("ingest:" + access.provider().name()), note(access, name)), who);
        parameters.put("url", webhook(access, url)).put("key", made.path("key").asText());
        ObjectNode ids = parameters.putObject("ids");
        ObjectNode answer = StrictJson.mapper().createObjectNode().put("name", name);
        answer.put("url", parameters.path("url").asText())
                .put("key", made.path("id").asText());
        ArrayNode done = answer.putArray("done");
        for (Provider.Thing thing : access.provider().setup()) {
            try {
                Things.Done each = things.ensure(access, thing, parameters);
                ids.set(thing.name(), each.id());
                done.addObject()
                        .put("thing", thing.name())
                        .put("did", each.did())
                        .set("id", each.id());
            } catch (AskFailure failure) {
                // Nothing has the new key only when the first change was refused: then it goes, and the old one stays.
                if (failure.refused() && done.findValuesAsText("did").stream().allMatch("found"::equals)) {
                    keys.revoke(made.path("id").asText(), who);
                }
                throw failure;
            }
        }
        revoke(access, name, made.path("id").asText(), who);
        return answer;
    }

    /** Takes away over there what {@link #apply} made, and ends its keys; what is gone already is no failure. */
    ObjectNode remove(Access access, String name, String who) {
        ObjectNode parameters = StrictJson.mapper().createObjectNode().put("name", name);
        ObjectNode ids = parameters.putObject("ids");
        List<Provider.Thing> backwards = new ArrayList<>();
        for (Provider.Thing thing : access.provider().setup()) {
            things.find(access, thing, parameters).ifPresent(id -> ids.set(thing.name(), id));
            backwards.add(0, thing);
        }
        ObjectNode answer = StrictJson.mapper().createObjectNode().put("name", name);
        ArrayNode done = answer.putArray("done");
        for (Provider.Thing thing : backwards) {
            if (things.remove(access, thing, parameters)) {
                done.addObject()
                        .put("thing", thing.name())
                        .put("did", "removed")
                        .set("id", ids.path(thing.name()));
            }
        }
        answer.put("keys_revoked", revoke(access, name, "", who));
        return answer;
    }

    private int revoke(Access access, String name, String butNot, String who) {
        int revoked = 0;
        for (JsonNode key : keys.list().path("keys")) {
            boolean ours = key.path("note").asText().equals(note(access, name)) && !key.hasNonNull("revoked_at");
            if (ours && !key.path("id").asText().equals(butNot)) {
                keys.revoke(key.path("id").asText(), who);
                revoked++;
            }
        }
        return revoked;
    }

    private static String note(Access access, String name) {
        return "webhook " + name + " of " + access + ", made by setup";
    }

    private static String webhook(Access access, String url) {
        String path = url + "/api/alerts/event/" + access.provider().name();
        return access.instance().equals("default") ? path : path + "?provider_id=" + access.instance();
    }
}
