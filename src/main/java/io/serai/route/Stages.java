package io.serai.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.record.PlannedDelivery;
import io.serai.record.SettledChange;
import io.serai.record.Work;
import io.serai.reload.InUse;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;

/** Sends one change through enrich, correlate and route, on an exchange of its own, and gathers what they decided. */
final class Stages {
    private static final String FIRST = "direct:alert-enrich";
    /** For the operator's predicates: {@code variable("verdict")} in jq. */
    private static final String VERDICT = "verdict";

    private final Endpoint first;
    private final Producer producer;
    private final Routing routing;
    private final InUse use;

    /** @param use counts the batches that pass */
    Stages(CamelContext context, Routing routing, InUse use) {
        this.use = use;
        this.routing = routing;
        first = context.getEndpoint(FIRST);
        try {
            producer = first.createProducer();
        } catch (Exception e) {
            throw new IllegalStateException(FIRST + " takes no exchanges", e);
        }
        producer.start();
    }

    /** Counts the batches that pass; each begins and ends a use. */
    InUse use() {
        return use;
    }

    /** @throws Exception what a route threw: an operator's mistake, or something that it asked did not answer */
    SettledChange pass(long receipt, Work.Item item, History history) throws Exception {
        Change change = new Change(item.alert(), item.version(), item.verdict(), receipt);
        if (item.version() < history.routedVersion(item.alert())) {
            // Its receipt was put off while newer word went through: told now, an old firing would follow its own
            // resolve.
            change.decisions().add("route", "told nobody", "newer word of this alert was routed before");
            return settled(item, change, null, List.of());
        }
        Exchange exchange = first.createExchange();
        exchange.setVariable(Change.VARIABLE, change);
        exchange.setVariable(VERDICT, item.verdict().word());
        exchange.getMessage().setBody(body(item));
        producer.process(exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return settled(item, change, Change.alertOf(exchange), routing.plan(change, history.told(item.alert())));
    }

    private static SettledChange settled(
            Work.Item item, Change change, ObjectNode alert, List<PlannedDelivery> deliveries) {
        return new SettledChange(
                item.alert(),
                item.version(),
                item.verdict(),
                // The receipt has it too, but for what enrichment added: only who is told needs that.
                deliveries.isEmpty() ? "" : alert.toString(),
                change.decisions().json(),
                change.incident(),
                deliveries);
    }

    private static ObjectNode body(Work.Item item) {
        ObjectNode alert = item.content().objectNode();
        alert.put("id", String.valueOf(item.alert())).put("fingerprint", item.fingerprint());
        alert.setAll(item.content());
        return alert.put("count", item.count())
                .put("first_received", item.firstReceived().toString())
                .put("last_received", item.lastReceived().toString());
    }
}
