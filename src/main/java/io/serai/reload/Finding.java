package io.serai.reload;

/**
 * Why an edit is not taken.
 *
 * @param file   as seen from the folder above {@code routes}
 * @param line   from 1; 0 when the whole file is meant
 * @param rule   lint's name of the rule, {@code sample} for the golden test, {@code start} for a route that cannot start
 * @param reason what is wrong
 * @param remedy what to do
 */
public record Finding(String file, int line, String rule, String reason, String remedy) {
    static Finding of(String file, String rule, String reason, String remedy) {
        return new Finding(file, 0, rule, reason, remedy);
    }

    /** {@code routes/core/alert-route.camel.yaml:12}. */
    public String place() {
        return file + (line > 0 ? ":" + line : "");
    }

    @Override
    public String toString() {
        return place() + ": " + rule + ": " + reason + ". " + remedy + ".";
    }
}
