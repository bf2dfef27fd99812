package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.door.Access;
import io.serai.door.Answer;
import io.serai.door.Arrival;
import io.serai.door.Door;
import io.serai.door.ErrorCode;
import io.serai.door.Refusal;
import io.serai.json.StrictJson;
import io.serai.record.LedgerUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Opens the REST API at the door. It has threads of its own: fifty slow listings must not take the workers that let alerts
 * in (guarded fault 13).
 */
public final class ApiDoor implements AutoCloseable {
    private static final String BASE = "/api/";
    private static final List<String> READ = List.of(
            "alerts",
            "receipts",
            "deliveries",
            "quarantine",
            "incidents",
            "providers",
            "notifiers",
            "destinations",
            "status",
            "integrations");

    private final ApiHandler handler;
    private final ThreadPoolExecutor threads;

    public ApiDoor(ApiHandler handler) {
        this.handler = handler;
        this.threads = new ThreadPoolExecutor(4, 4, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(64), task -> {
            Thread thread = new Thread(task, "api");
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Opens all paths: reading needs {@code read}, setting something going {@code operate}, keys and the audit {@code admin}. */
    public void open(Door door) {
        Access read = new Access.Scope("read");
        Access operate = new Access.Scope("operate");
        Access admin = new Access.Scope("admin");
        for (String word : READ) {
            door.open("GET", BASE + word, read, this::get);
            door.open("GET", BASE + word + "/*", read, this::get);
        }
        for (String word : List.of("deliveries", "receipts", "providers", "integrations")) {
            door.open("POST", BASE + word + "/*", operate, this::post);
        }
        door.open("POST", BASE + "reload", operate, this::post);
        door.open("GET", BASE + "keys", admin, this::get);
        door.open("GET", BASE + "audit", admin, this::get);
        door.open("GET", BASE + "audit/*", admin, this::get);
        door.open("POST", BASE + "keys", admin, this::post);
        door.open("POST", BASE + "keys/*", admin, this::post);
        // Otherwise a sender with a misspelt provider would be told that alerts do not take POST (K6).
        door.open("POST", BASE + "alerts/event/*", new Access.IngestAny(), arrival -> {
            throw new Refusal(ErrorCode.NOT_FOUND, "There is no provider of this name.");
        });
    }

    private CompletionStage<Answer> get(Arrival arrival) {
        return answer(arrival, () -> handler.get(path(arrival), query(arrival), arrival.principal()));
    }

    private CompletionStage<Answer> post(Arrival arrival) {
        // Addresses are written to logs on their way: nothing that a POST is given may stand there (trap of O27).
        if (!arrival.query().isEmpty()) {
            throw Parameters.wrong("in the address", "give it in the body");
        }
        return answer(arrival, () -> handler.post(path(arrival), body(arrival), arrival.principal()));
    }

    private interface Work {
        ObjectNode done();
    }

    private CompletionStage<Answer> answer(Arrival arrival, Work work) {
        try {
            return CompletableFuture.supplyAsync(() -> done(arrival, work), threads);
        } catch (RejectedExecutionException full) {
            throw new Refusal(ErrorCode.OVERLOADED, "Too many requests for lists are waiting here.", List.of(), 1);
        }
    }

    private static Answer done(Arrival arrival, Work work) {
        ObjectNode envelope = Rows.object().put("status", "success");
        try {
            envelope.set("data", work.done());
        } catch (LedgerUnavailable e) {
            throw new Refusal(ErrorCode.OVERLOADED, "The ledger does not answer now.", List.of(), 1);
        }
        envelope.put("request_id", arrival.requestId());
        return Answer.json(200, envelope.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String path(Arrival arrival) {
        return arrival.path().substring(BASE.length());
    }

    private static Map<String, String> query(Arrival arrival) {
        Map<String, String> query = new HashMap<>();
        arrival.query().keySet().forEach(name -> query.put(name, arrival.parameter(name)));
        return query;
    }

    private static JsonNode body(Arrival arrival) {
        if (arrival.body().length == 0) {
            return Rows.object();
        }
        try {
            return StrictJson.read(arrival.body());
        } catch (IOException e) {
            throw new Refusal(ErrorCode.MALFORMED_BODY, "The body is not a JSON document.");
        }
    }

    /** Lets what is running finish. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
