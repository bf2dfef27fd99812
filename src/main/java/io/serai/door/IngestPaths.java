package io.serai.door;

/** Which access a route's path needs. Senders' paths are known by their prefix; every other one needs an operator. */
final class IngestPaths {
    private static final String EVENT = "/api/alerts/event";
    private static final String WEBHOOKS = "/webhooks/";

    private IngestPaths() {}

    static Access access(String path) {
        if (path.equals(EVENT)) {
            return new Access.IngestAny();
        }
        if (path.startsWith(EVENT + "/")) {
            return new Access.Ingest(path.substring(EVENT.length() + 1));
        }
        if (path.startsWith(WEBHOOKS)) {
            return new Access.Ingest(path.substring(WEBHOOKS.length()));
        }
        if (path.equals("/")) {
            // Only Dynatrace's custom notification is ever bound to the root (section 6 of the design).
            return new Access.Ingest("dynatrace");
        }
        return new Access.Scope("operate");
    }
}
