package io.serai.record;

import io.serai.alert.Severity;
import io.serai.alert.Status;

/** One incident while a settle works on it. Times are milliseconds since 1970. */
final class Incident {
    long id;
    final boolean fresh;
    final String key;
    final String title;
    final long openedAt;
    int severity;
    int alerts;
    int openAlerts;
    long lastAt;
    Long closedAt;
    boolean touched;

    Incident(
            long id,
            String key,
            String title,
            int severity,
            int alerts,
            int openAlerts,
            long openedAt,
            long lastAt,
            Long closedAt) {
        this.id = id;
        this.fresh = id == 0;
        this.key = key;
        this.title = title;
        this.severity = severity;
        this.alerts = alerts;
        this.openAlerts = openAlerts;
        this.openedAt = openedAt;
        this.lastAt = lastAt;
        this.closedAt = closedAt;
    }

    static Incident opened(IncidentPlan plan, long now) {
        return new Incident(0, plan.key(), plan.title(), plan.severity().rank(), 0, 0, now, now, null);
    }

    boolean open() {
        return closedAt == null;
    }

    /** Takes in an open alert. */
    void join(Severity with, long now) {
        alerts++;
        openAlerts++;
        touch(with, now);
    }

    /** Hears of a member again; the verdict tells whether one more or one less is open. */
    void hear(Verdict verdict, Severity with, long now) {
        if (verdict == Verdict.NEW || verdict == Verdict.REOPENED) {
            openAlerts++;
        } else if (verdict == Verdict.RESOLVED) {
            openAlerts = Math.max(0, openAlerts - 1);
        }
        touch(with, now);
        if (openAlerts == 0) {
            close(now);
        }
    }

    void close(long now) {
        closedAt = now;
        touched = true;
    }

    int status() {
        return (open() ? Status.FIRING : Status.RESOLVED).code();
    }

    private void touch(Severity with, long now) {
        touched = true;
        lastAt = Math.max(lastAt, now);
        if (with != null) {
            severity = Math.max(severity, with.rank());
        }
    }
}
