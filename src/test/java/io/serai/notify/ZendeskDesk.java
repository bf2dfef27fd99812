package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The Tickets API: list by external id, create with an idempotency key, update; closed tickets refuse. */
final class ZendeskDesk extends TicketDesk {
    private static final String TICKETS = "/api/v2/tickets.json";

    private final Map<String, Ticket> byKey = new HashMap<>();

    ZendeskDesk() throws IOException {}

    @Override
    Step step(Request request) {
        return switch (request.method()) {
            case "GET" -> Step.FIND;
            case "POST" -> Step.CREATE;
            default -> Step.UPDATE;
        };
    }

    @Override
    Reply serve(Request request) {
        // agent@shop.example/token:not-a-token
        if (!"Basic YWdlbnRAc2hvcC5leGFtcGxlL3Rva2VuOm5vdC1hLXRva2Vu".equals(request.header("Authorization"))) {
            return Reply.of(401, object().put("error", "Couldn't authenticate you"));
        }
        if (request.method().equals("GET") && request.path().equals(TICKETS)) {
            ObjectNode answer = object();
            for (Ticket ticket : tickets) {
                if (("&" + request.query() + "&").contains("&external_id=" + ticket.key + "&")) {
                    answer.withArray("tickets").add(shown(ticket));
                }
            }
            return Reply.of(200, answer);
        }
        if (request.method().equals("POST") && request.path().equals(TICKETS)) {
            return create(request);
        }
        if (request.method().equals("PUT")) {
            for (Ticket ticket : tickets) {
                if (request.path().equals("/api/v2/tickets/" + ticket.id + ".json")) {
                    return change(ticket, request.body().path("ticket"));
                }
            }
        }
        return Reply.of(404, object().put("error", "RecordNotFound"));
    }

    private Reply create(Request request) {
        Ticket known = byKey.get(request.header("Idempotency-key"));
        if (known != null) {
            return known.made.equals(request.body())
                    ? Reply.of(201, object().set("ticket", shown(known)))
                    : Reply.of(400, object().put("error", "IdempotentRequestError"));
        }
        Ticket ticket = new Ticket();
        ticket.id = Integer.toString(35436 + tickets.size());
        ticket.key = request.body().at("/ticket/external_id").asText();
        ticket.follows = request.body().at("/ticket/via_followup_source_id").asText(null);
        ticket.state = "new";
        ticket.made = request.body();
        tickets.add(ticket);
        byKey.put(request.header("Idempotency-key"), ticket);
        return Reply.of(201, object().set("ticket", shown(ticket)));
    }

    private static Reply change(Ticket ticket, JsonNode change) {
        if (ticket.state.equals("closed")) {
            return Reply.of(422, object().put("error", "RecordInvalid"));
        }
        ticket.state = change.path("status").asText(ticket.state);
        ticket.comments.add(change.at("/comment/body").asText());
        return Reply.of(200, object().set("ticket", shown(ticket)));
    }

    private static ObjectNode shown(Ticket ticket) {
        return object().put("id", Long.parseLong(ticket.id))
                .put("external_id", ticket.key)
                .put("status", ticket.state)
                .put("created_at", "2026-11-21T08:15:" + ticket.id.substring(3) + "Z");
    }
}
