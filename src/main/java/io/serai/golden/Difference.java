package io.serai.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;

/**
 * One place where two JSON documents differ.
 *
 * @param path     {@code [0].labels.team}; empty for the whole document
 * @param expected as JSON; null when nothing was expected there
 * @param actual   as JSON; null when nothing is there
 */
public record Difference(String path, String expected, String actual) {

    /** All differences; the order of an object's fields and the way a number is written do not count. */
    public static List<Difference> between(JsonNode expected, JsonNode actual) {
        List<Difference> differences = new ArrayList<>();
        compare("", expected, actual, differences);
        return differences;
    }

    private static void compare(String path, JsonNode expected, JsonNode actual, List<Difference> differences) {
        if (expected == null || actual == null) {
            differences.add(new Difference(path, text(expected), text(actual)));
        } else if (expected.isObject() && actual.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                String at = path.isEmpty() ? name : path + "." + name;
                if (expected.has(name) || actual.has(name)) {
                    compare(at, expected.get(name), actual.get(name), differences);
                }
            }
        } else if (expected.isArray() && actual.isArray()) {
            Iterator<JsonNode> wanted = expected.elements();
            Iterator<JsonNode> given = actual.elements();
            for (int i = 0; wanted.hasNext() || given.hasNext(); i++) {
                compare(
                        path + "[" + i + "]",
                        wanted.hasNext() ? wanted.next() : null,
                        given.hasNext() ? given.next() : null,
                        differences);
            }
        } else if (!same(expected, actual)) {
            differences.add(new Difference(path, text(expected), text(actual)));
        }
    }

    private static boolean same(JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        }
        return expected.equals(actual);
    }

    private static String text(JsonNode node) {
        return node == null ? null : node.toString();
    }

    @Override
    public String toString() {
        return (path.isEmpty() ? "the document" : path)
                + "\n    expected: " + (expected == null ? "nothing" : expected)
                + "\n    actual:   " + (actual == null ? "nothing" : actual);
    }
}
