package io.serai.lint;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words of jq that jackson-jq 1.6 lacks or gets wrong. It finds that out when the word is reached, lint before. */
final class JqWords {
    private static final String TIME = "Give the time as it came: Java reads it";
    private static final String RECURSES =
            "Each round is a call inside the one before, and a few hundred end the stack: write reduce or foreach over a range";
    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("trim", "Write sub(\"^\\\\s+\"; \"\") | sub(\"\\\\s+$\"; \"\")"),
            Map.entry("ltrim", "Write sub(\"^\\\\s+\"; \"\")"),
            Map.entry("rtrim", "Write sub(\"\\\\s+$\"; \"\")"),
            Map.entry("todate", TIME),
            Map.entry("fromdate", "Write fromdateiso8601"),
            Map.entry("strftime", TIME),
            Map.entry("strptime", TIME),
            Map.entry("mktime", TIME),
            Map.entry("input", "A mapping sees one body"),
            Map.entry("inputs", "A mapping sees one body"),
            Map.entry("env", "A mapping may not read the environment: use variable(\"name\") and set it in the route"),
            Map.entry("$ENV", "A mapping may not read the environment: use variable(\"name\") and set it in the route"),
            Map.entry("toarray", "Write if type == \"array\" then . else [.] end"),
            Map.entry("gsub", "It recurses once for every match: write split(\"a\") | join(\"b\")"),
            Map.entry("until", RECURSES),
            Map.entry("while", RECURSES),
            Map.entry("repeat", "It is not there"),
            Map.entry("isvalid", "Write (try (f | true) catch false)"),
            Map.entry("tostream", "It is not there"),
            Map.entry("fromstream", "It is not there"),
            Map.entry("splits", "It recurses once for every match: write split(\",\")[]"),
            Map.entry("abs", "Write if . < 0 then -. else . end"),
            Map.entry("halt_error", "Give {error: \"sentence\", field: \"path\"}"),
            Map.entry("halt", "Give {error: \"sentence\", field: \"path\"}"));
    private static final Pattern WORD = Pattern.compile("(?<![A-Za-z0-9_.$@])(\\$ENV|[a-z_]+)(?![A-Za-z0-9_]|\\s*:)");
    private static final Pattern DEFINITION = Pattern.compile("\\bdef\\s+([A-Za-z0-9_]+)");

    private static final Pattern SPLIT = Pattern.compile("(?<![A-Za-z0-9_.])split\\s*\\([^()]*;");

    private JqWords() {}

    record Missing(String word, String instead) {}

    /** The words by the line on which each stands, from 0; one a line. What a mapping defines itself is its own. */
    static Map<Integer, Missing> missing(String jq) {
        String code = code(jq);
        Set<String> own = new HashSet<>();
        Matcher definitions = DEFINITION.matcher(code);
        while (definitions.find()) {
            own.add(definitions.group(1));
        }
        Map<Integer, Missing> missing = new TreeMap<>();
        Matcher regexSplit = SPLIT.matcher(code);
        while (regexSplit.find()) {
            missing.put(
                    line(code, regexSplit.start()),
                    new Missing("split with flags", "It recurses once for every match: write split(\",\")"));
        }
        Matcher words = WORD.matcher(code);
        while (words.find()) {
            String word = words.group(1);
            if (INSTEAD.containsKey(word) && !own.contains(word)) {
                missing.put(line(code, words.start()), new Missing(word, INSTEAD.get(word)));
            }
        }
        return missing;
    }

    private static int line(String code, int at) {
        return (int) code.substring(0, at).chars().filter(c -> c == '\n').count();
    }

    /** The program with comments and the texts of strings blanked; what is interpolated into a string stays. */
    private static String code(String jq) {
        StringBuilder code = new StringBuilder(jq);
        // How many brackets are open in each string's interpolation that we are in.
        Deque<Integer> interpolations = new ArrayDeque<>();
        boolean string = false;
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (string) {
                if (c == '\\' && i + 1 < code.length()) {
                    boolean opens = code.charAt(i + 1) == '(';
                    code.setCharAt(i, ' ');
                    code.setCharAt(++i, ' ');
                    if (opens) {
                        interpolations.push(0);
                        string = false;
                    }
                } else if (c == '"') {
                    string = false;
                } else if (c != '\n') {
                    code.setCharAt(i, ' ');
                }
            } else if (c == '"') {
                string = true;
            } else if (c == '#') {
                for (; i < code.length() && code.charAt(i) != '\n'; i++) {
                    code.setCharAt(i, ' ');
                }
            } else if (c == '(' && !interpolations.isEmpty()) {
                interpolations.push(interpolations.pop() + 1);
            } else if (c == ')' && !interpolations.isEmpty()) {
                int open = interpolations.pop();
                if (open == 0) {
                    string = true;
                } else {
                    interpolations.push(open - 1);
                }
            }
        }
        return code.toString();
    }
}
