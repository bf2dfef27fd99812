package io.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;

/** What an operator can set going. */
public interface Actions {
    /**
     * Makes one dead delivery pending again.
     *
     * @param who the operator's key, for the audit
     * @return false when it is not dead
     */
    boolean replayDelivery(long delivery, String who);

    /**
     * Makes dead deliveries pending again.
     *
     * @param destination null for all
     * @param since       only those that died at or after it; null for all
     * @return how many
     */
    int replayDead(String destination, Instant since, String who);

    /**
     * Parses a receipt's body again, as a receipt of its own.
     *
     * @return {@code receipt} and {@code alerts}, as a 202 has them
     * @throws io.serai.door.Refusal when nothing in it can be mapped, or this process does not parse
     */
    ObjectNode replayReceipt(long receipt, String who);

    /**
     * Polls a provider now.
     *
     * @param instance {@code default} unless the provider has several
     * @param since    {@code hour}, {@code 2hours}, {@code 6hours}, {@code day}, {@code week} or {@code month}; null for
     *                 what is new
     * @return what was found: {@code seen}, {@code recorded}, {@code verdicts}, …
     * @throws io.serai.door.Refusal when it cannot be polled, or this process does not poll
     */
    ObjectNode pull(String provider, String instance, String since);

    /**
     * How the server is, and which configuration it runs with.
     *
     * @return {@code version}, {@code node}, {@code health}, {@code configuration}
     * @throws io.serai.door.Refusal when this process is no server
     */
    ObjectNode status();

    /**
     * Takes the configuration as it lies on the disk now, if it is good.
     *
     * @return {@code result}, {@code taken} or {@code unchanged}, and {@code configuration}
     * @throws io.serai.door.Refusal 422 with each finding, when it is not taken; what runs goes on
     */
    ObjectNode reload(String who);

    /** What the providers' systems can be asked; {@link Asks#NONE} where there are no routes. */
    default Asks asks() {
        return Asks.NONE;
    }

    /** Destinations that refuse us, by name, with a phrase that says since when and why; none where nothing is sent. */
    default Map<String, String> paused() {
        return Map.of();
    }
}
