package io.serai.route;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * What the stages decided about one change and why, in order: a JSON array of {@code {"stage","decision","reason"}},
 * which {@code explain} prints. Written as text at once, because every change of every alert carries one.
 */
public final class Decisions {
    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

    private final StringBuilder json = new StringBuilder(320).append('[');

    /**
     * @param stage    {@code enrich}, {@code correlate} or {@code route}
     * @param decision what was done, in a few words
     * @param reason   why, in a few words
     */
    public void add(String stage, String decision, String reason) {
        if (json.length() > 1) {
            json.append(',');
        }
        json.append("{\"stage\":\"");
        ENCODER.quoteAsString(stage, json);
        json.append("\",\"decision\":\"");
        ENCODER.quoteAsString(decision, json);
        json.append("\",\"reason\":\"");
        ENCODER.quoteAsString(reason, json);
        json.append("\"}");
    }

    public String json() {
        return json + "]";
    }
}
