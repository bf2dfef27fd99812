package io.serai.cli;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Which part of a listing is shown. */
final class Page {
    @Option(names = "--limit", paramLabel = "N", description = "How many, 1 to 500, default 50.")
    private Integer limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Where the page before ended.")
    private String cursor;

    /** The parameters of the listing: these and the given pairs of name and value, without those that are null. */
    Map<String, String> with(Object... pairs) {
        Map<String, String> query = new TreeMap<>();
        put(query, "limit", limit);
        put(query, "cursor", cursor);
        for (int i = 0; i < pairs.length; i += 2) {
            put(query, (String) pairs[i], pairs[i + 1]);
        }
        return query;
    }

    private static void put(Map<String, String> query, String name, Object value) {
        if (value != null) {
            query.put(name, value.toString());
        }
    }
}
