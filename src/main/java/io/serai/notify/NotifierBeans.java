package io.serai.notify;

import io.serai.deliver.Credentials;
import io.serai.deliver.HttpSink;
import java.time.Clock;
import org.apache.camel.CamelContext;

/** The beans that the notifiers' own routes and Kamelets name, beside those that every delivery needs. */
public final class NotifierBeans {
    private NotifierBeans() {}

    /** Before the context starts, and after {@link io.serai.deliver.DeliveryRoutes#bind}, whose beans these use. */
    public static void bind(CamelContext camel, Clock clock) {
        HttpSink sink = camel.getRegistry().lookupByNameAndType("httpSink", HttpSink.class);
        Credentials credentials = camel.getRegistry().lookupByNameAndType("credentials", Credentials.class);
        TicketAnswer tickets = new TicketAnswer(sink);
        camel.getRegistry().bind("ticketAnswer", tickets);
        camel.getRegistry().bind("dialogue", new Dialogue(sink, tickets));
        camel.getRegistry().bind("webhookSignature", new WebhookSignature(credentials, clock));
        camel.getRegistry().bind("consoleLine", new ConsoleLine(System.out));
    }
}
