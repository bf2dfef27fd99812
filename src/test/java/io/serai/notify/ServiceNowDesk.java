package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** The Table API of an instance: encoded queries on correlation_id, inserts, changes of one record. */
final class ServiceNowDesk extends TicketDesk {
    private static final String TABLE = "/api/now/table/incident";

    ServiceNowDesk() throws IOException {}

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
        if (!"Basic c2VyYWk6bm90LWEtdG9rZW4=".equals(request.header("Authorization"))) {
            return error(401, "User Not Authenticated");
        }
        if (request.method().equals("GET") && request.path().equals(TABLE)) {
            return find(request.query());
        }
        if (request.method().equals("POST") && request.path().equals(TABLE)) {
            Ticket ticket = new Ticket();
            ticket.id = String.format("%032x", 0xabc0 + tickets.size());
            ticket.key = request.body().path("correlation_id").asText();
            ticket.follows = request.body().path("parent_incident").asText(null);
            ticket.state = "1";
            ticket.made = request.body();
            tickets.add(ticket);
            return Reply.of(201, object().set("result", record(ticket)));
        }
        if (request.method().equals("PATCH")) {
            for (Ticket ticket : tickets) {
                if (request.path().equals(TABLE + "/" + ticket.id)) {
                    return change(ticket, request.body());
                }
            }
            return error(404, "No Record found");
        }
        return error(400, "Requested URI does not represent any resource");
    }

    private Reply find(String query) {
        ArrayNode result = JSON.createArrayNode();
        for (int i = tickets.size() - 1; i >= 0 && result.isEmpty(); i--) {
            if (query.startsWith(
                    "sysparm_query=correlation_id=" + tickets.get(i).key + "^ORDERBYDESCsys_created_on&")) {
                result.add(record(tickets.get(i)));
            }
        }
        return Reply.of(200, object().set("result", result));
    }

    private static Reply change(Ticket ticket, JsonNode body) {
        if (ticket.state.equals("7")) {
            return error(403, "Operation Failed");
        }
        ticket.state = body.path("state").asText(ticket.state);
        ticket.comments.add(body.path("work_notes").asText());
        return Reply.of(200, object().set("result", record(ticket)));
    }

    private static ObjectNode record(Ticket ticket) {
        return object().put("sys_id", ticket.id).put("number", "INC0010023").put("state", ticket.state);
    }

    private static Reply error(int status, String message) {
        ObjectNode error = object();
        error.putObject("error").put("message", message).put("detail", "");
        return Reply.of(status, error.put("status", "failure"));
    }
}
