package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What operators ask of the providers' own systems. Needs the running server, as that has the way to them. */
public interface Asks {
    /**
     * Which scopes the configured credential has.
     *
     * @return {@code ok} and {@code scopes}, each granted or with the reason why not (K4)
     * @throws Refusal 404 for no such provider, 400 when it cannot be asked
     */
    ObjectNode check(String provider, String instance);

    /**
     * Tries a connection with the settings of the body on top of those configured (O27).
     *
     * @param body settings by name, {@code api_url} or {@code api-url}, and {@code instance}
     * @throws Refusal as {@link #check}; 400 {@code CONNECTION_FAILED} with what sort of failure it is
     */
    ObjectNode test(String provider, JsonNode body);

    /**
     * The alerts that the system has now, in our form; nothing is recorded (O8, O28).
     *
     * @param severities of ours; empty for all
     * @return {@code alerts} and {@code count}
     */
    ObjectNode alerts(String provider, String instance, Instant start, Instant end, Set<String> severities);

    /**
     * Metrics or logs of the system, normalised by the provider's folder; nothing is recorded (O9, O23, O24).
     *
     * @param what  {@code metrics} or {@code logs}
     * @param query in the system's own language; empty for none
     * @return an array called like {@code what}, and {@code count}
     */
    ObjectNode query(String provider, String instance, String what, String query, Instant start, Instant end);

    /**
     * Reads which services the system knows and what each calls, into the table {@code topology.csv} (K1, K29).
     *
     * @return {@code services}, {@code systems}, {@code table}
     */
    ObjectNode topology(String provider, String instance);

    /**
     * Makes an alert rule over there, unless one of this name is there already (O10).
     *
     * @param rule {@code name} and what the provider's folder makes of the rest
     * @return {@code id} and {@code created}
     */
    ObjectNode rule(String provider, String instance, ObjectNode rule);

    /**
     * Makes the system post to Serai, with a key of its own; or undoes that (K13).
     *
     * @param url  Serai's address as the system can reach it; null to take away what was made
     * @param name what it is called over there
     * @param who  who wants it: the maker of the key
     */
    ObjectNode setup(String provider, String instance, String url, String name, String who);

    /** How polling the instance goes, as this node knows; empty when it was not polled here. */
    Optional<ObjectNode> poll(String provider, String instance);

    /** How the last reading of the instance's topology ended, on whichever node; empty without a schedule, or before. */
    Optional<ObjectNode> topologyReading(String provider, String instance);

    /** For a process without routes. */
    Asks NONE = new Asks() {
        @Override
        public ObjectNode check(String provider, String instance) {
            throw needsServer();
        }

        @Override
        public ObjectNode test(String provider, JsonNode body) {
            throw needsServer();
        }

        @Override
        public ObjectNode alerts(String provider, String instance, Instant start, Instant end, Set<String> severities) {
            throw needsServer();
        }

        @Override
        public ObjectNode query(
                String provider, String instance, String what, String query, Instant start, Instant end) {
            throw needsServer();
        }

        @Override
        public ObjectNode topology(String provider, String instance) {
            throw needsServer();
        }

        @Override
        public ObjectNode rule(String provider, String instance, ObjectNode rule) {
            throw needsServer();
        }

        @Override
        public ObjectNode setup(String provider, String instance, String url, String name, String who) {
            throw needsServer();
        }

        @Override
        public Optional<ObjectNode> poll(String provider, String instance) {
            return Optional.empty();
        }

        @Override
        public Optional<ObjectNode> topologyReading(String provider, String instance) {
            return Optional.empty();
        }

        private static Refusal needsServer() {
            return new Refusal(
                    ErrorCode.OVERLOADED, "Asking a provider's system needs the running server: start ./serai run.");
        }
    };
}
