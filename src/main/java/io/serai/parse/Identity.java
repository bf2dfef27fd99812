package io.serai.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.alert.Severity;
import io.serai.alert.Status;
import io.serai.parse.Normaliser.Unusable;
import io.serai.provider.Provider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/** What makes two words be about one alert, and what makes the second a change. */
final class Identity {
    private static final byte SEPARATOR = 0;

    private Identity() {}

    /**
     * SHA-256 over provider, instance and the provider's key fields; a field that is an object counts with its keys
     * sorted, so that the order of labels does not matter.
     *
     * @throws Unusable when none of the key fields is there: all such alerts would collapse into one (K10)
     */
    static byte[] of(Provider provider, String instance, ObjectNode alert) throws Unusable {
        MessageDigest digest = sha256();
        add(digest, provider.name());
        add(digest, instance);
        boolean something = false;
        for (String path : provider.key()) {
            JsonNode value = at(alert, path);
            something |= value != null && !(value.isContainerNode() && value.isEmpty());
            add(digest, path);
            add(digest, value);
        }
        if (!something) {
            throw new Unusable(
                    provider.key().isEmpty() ? "source_id" : provider.key().get(0),
                    "is missing, it identifies the alert");
        }
        return digest.digest();
    }

    /** 64 bits of what a change is judged by. */
    static long change(Provider provider, Status status, Severity severity, String title) {
        MessageDigest digest = sha256();
        if (provider.changeOn().contains("status")) {
            add(digest, status.word());
        }
        if (provider.changeOn().contains("severity")) {
            add(digest, severity.word());
        }
        if (provider.changeOn().contains("title")) {
            add(digest, title);
        }
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    private static JsonNode at(JsonNode alert, String path) {
        JsonNode node = alert;
        for (String name : path.split("\\.", 2)) {
            node = node == null ? null : node.get(name);
        }
        return node == null || node.isNull() ? null : node;
    }

    private static void add(MessageDigest digest, JsonNode value) {
        if (value != null && value.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            value.properties().forEach(pair -> sorted.put(pair.getKey(), pair.getValue()));
            sorted.forEach((name, each) -> {
                add(digest, name);
                add(digest, each.asText());
            });
        } else if (value != null) {
            add(digest, value.isContainerNode() ? value.toString() : value.asText());
        }
        digest.update(SEPARATOR);
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update(SEPARATOR);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
