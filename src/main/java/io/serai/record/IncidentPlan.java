package io.serai.record;

import io.serai.alert.Severity;
import java.time.Duration;

/**
 * The incident that an alert is to join.
 *
 * @param key      alerts with the same key belong together
 * @param title    used when the incident is opened
 * @param severity the alert's; the incident keeps the highest that it has seen
 * @param open     false when the alert is resolved
 * @param window   how long after its last change an open incident still takes in another alert
 */
public record IncidentPlan(String key, String title, Severity severity, boolean open, Duration window) {}
