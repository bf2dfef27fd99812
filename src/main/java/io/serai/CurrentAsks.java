package io.serai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.api.Asks;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Asks through the routes and settings that run now. */
record CurrentAsks(Current current) implements Asks {
    @Override
    public ObjectNode check(String provider, String instance) {
        return current.with(now -> now.asking().check(provider, instance));
    }

    @Override
    public ObjectNode test(String provider, JsonNode body) {
        return current.with(now -> now.asking().test(provider, body));
    }

    @Override
    public ObjectNode alerts(String provider, String instance, Instant start, Instant end, Set<String> severities) {
        return current.with(now -> now.asking().alerts(provider, instance, start, end, severities));
    }

    @Override
    public ObjectNode query(String provider, String instance, String what, String query, Instant start, Instant end) {
        return current.with(now -> now.asking().query(provider, instance, what, query, start, end));
    }

    @Override
    public ObjectNode topology(String provider, String instance) {
        return current.with(now -> now.asking().topology(provider, instance));
    }

    @Override
    public ObjectNode rule(String provider, String instance, ObjectNode rule) {
        return current.with(now -> now.asking().rule(provider, instance, rule));
    }

    @Override
    public ObjectNode setup(String provider, String instance, String url, String name, String who) {
        return current.with(now -> now.asking().setup(provider, instance, url, name, who));
    }

    @Override
    public Optional<ObjectNode> poll(String provider, String instance) {
        return current.with(now -> now.asking().poll(provider, instance));
    }

    @Override
    public Optional<ObjectNode> topologyReading(String provider, String instance) {
        return current.with(now -> now.asking().topologyReading(provider, instance));
    }
}
