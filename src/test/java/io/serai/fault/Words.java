package io.serai.fault;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Bodies that a Prometheus Alertmanager would send (webhook version 4), one alert each. */
final class Words {

    private Words() {}

    static Sender.Word firing(String subject) {
        return word(subject, "firing", Instant.now());
    }

    static Sender.Word resolved(String subject) {
        return word(subject, "resolved", Instant.now());
    }

    private static Sender.Word word(String subject, String state, Instant now) {
        String starts = now.minus(1, ChronoUnit.MINUTES).toString();
        String ends = state.equals("resolved") ? now.toString() : "0001-01-01T00:00:00Z";
        return new Sender.Word(
                subject,
                state,
                """
                {"version":"4","groupKey":"{}:{alertname=\\"QueueStuck\\"}","truncatedAlerts":0,"status":"%2$s","receiver":"serai",
                "groupLabels":{"alertname":"QueueStuck"},"commonLabels":{"alertname":"QueueStuck"},"commonAnnotations":{},
                "externalURL":"http://alertmanager.example.org:9093","alerts":[{"status":"%2$s",
                "labels":{"alertname":"QueueStuck","severity":"critical","job":"ferry","queue":"%1$s"},
                "annotations":{"summary":"Queue %1$s has not moved for five minutes"},
                "startsAt":"%3$s","endsAt":"%4$s","generatorURL":"http://prometheus.example.org/graph","fingerprint":""}]}
                """
                        .formatted(subject, state, starts, ends));
    }
}
