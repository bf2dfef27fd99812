package io.serai.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.record.IncidentPlan;
import io.serai.record.Verdict;
import org.apache.camel.Exchange;

/**
 * One change of one alert on its way through enrich, correlate and route: the exchange variable {@code change}. The
 * alert itself is the body. It belongs to one exchange and is not safe for several threads.
 */
public final class Change {
    /** The name of the exchange variable. */
    public static final String VARIABLE = "change";

    private final long alert;
    private final int version;
    private final Verdict verdict;
    private final long receipt;
    private final Decisions decisions = new Decisions();
    private final Telling telling = new Telling();
    private IncidentPlan incident;

    /**
     * @param alert   the alert's number
     * @param version its change number after this word
     * @param verdict what the ledger decided about this word
     * @param receipt the receipt that brought it
     */
    public Change(long alert, int version, Verdict verdict, long receipt) {
        this.alert = alert;
        this.version = version;
        this.verdict = verdict;
        this.receipt = receipt;
    }

    /** @throws IllegalStateException when the exchange did not come from the ledger */
    public static Change of(Exchange exchange) {
        if (exchange.getVariable(VARIABLE) instanceof Change change) {
            return change;
        }
        throw new IllegalStateException("the variable change is missing: only the ledger starts this route");
    }

    /** @throws IllegalStateException when a route has replaced the alert by something else */
    public static ObjectNode alertOf(Exchange exchange) {
        if (exchange.getMessage().getBody() instanceof ObjectNode alert) {
            return alert;
        }
        throw new IllegalStateException(
                "the body is no longer the alert: use variableSend and variableReceive where a route calls out");
    }

    public long alert() {
        return alert;
    }

    public int version() {
        return version;
    }

    public Verdict verdict() {
        return verdict;
    }

    public long receipt() {
        return receipt;
    }

    public Decisions decisions() {
        return decisions;
    }

    /** The incident that the change belongs to; null for one that belongs to none. */
    public IncidentPlan incident() {
        return incident;
    }

    public void belongsTo(IncidentPlan plan) {
        incident = plan;
    }

    Telling telling() {
        return telling;
    }
}
