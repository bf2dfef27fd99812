package io.serai.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.json.StrictJson;
import io.serai.record.Fetched;
import io.serai.record.Inbox;
import io.serai.record.Item;
import io.serai.record.Receipt;
import io.serai.record.Source;
import io.serai.record.Work;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/** The details of one receipt's alerts: read back, put into what was recorded, or given up. */
final class Details {
    /** After this the alert goes on without its details. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Inbox inbox;
    private final Clock clock;

    Details(Inbox inbox, Clock clock) {
        this.inbox = inbox;
        this.clock = clock;
    }

    /** Reads them and lets the receipt go on; puts it off where they may be had later. */
    void complete(Fetcher.Serving now, Work work) {
        List<Fetched> contents = new ArrayList<>();
        List<byte[]> answers = new ArrayList<>();
        for (Work.Item item : work.items()) {
            if (item.content().path("test").asBoolean()) {
                continue;
            }
            if (!now.routes().fetches(work.provider(), work.instance())) {
                contents.add(noted(item, "details not fetched: no tenant is configured"));
                continue;
            }
            Exchange answer = fetch(now, work, item);
            if (answer.getException() == null) {
                answers.add(answer.getVariable(PollSteps.ANSWER, byte[].class));
                contents.add(completed(now, work, item, answer.getMessage().getBody(JsonNode.class)));
                continue;
            }
            ReadFailure failure = ReadFailure.of(answer.getException());
            if (!failure.permanent()
                    && clock.instant().isBefore(work.receivedAt().plus(PATIENCE))) {
                inbox.defer(work.receipt(), again(work, failure), failure.sentence());
                return;
            }
            contents.add(noted(item, "details not fetched: " + failure.sentence()));
        }
        inbox.complete(work.receipt(), contents, answers.isEmpty() ? null : raw(work, answers));
    }

    private Exchange fetch(Fetcher.Serving now, Work work, Work.Item item) {
        return now.producer().send("direct:" + work.provider() + "-fetch-" + work.instance(), exchange -> {
            exchange.setVariable("provider", work.provider());
            exchange.setVariable("instance", work.instance());
            exchange.setVariable("received_at", work.receivedAt().toString());
            exchange.setVariable(
                    "received_epoch", String.valueOf(work.receivedAt().getEpochSecond()));
            exchange.getMessage().setBody(item.content());
        });
    }

    private static Fetched completed(Fetcher.Serving now, Work work, Work.Item item, JsonNode mapped) {
        List<Item> items = now.normaliser().items(now.catalog().get(work.provider()), work.instance(), mapped);
        for (Item each : items) {
            if (each instanceof Item.Mapped alert
                    && alert.fingerprint().toString().equals(item.fingerprint())) {
                return new Fetched(
                        item.index(),
                        Completion.of(item.content(), json(alert.content())).toString());
            }
        }
        return noted(item, "details not used: they are not about this alert");
    }

    private static Fetched noted(Work.Item item, String note) {
        return new Fetched(item.index(), Completion.noted(item.content(), note).toString());
    }

    /** The raw answers are a receipt of their own beside the one that they complete; several of them make a JSON list. */
    private Receipt raw(Work work, List<byte[]> answers) {
        byte[] body = answers.get(0);
        if (answers.size() > 1) {
            body = answers.stream()
                    .map(answer -> new String(answer, StandardCharsets.UTF_8))
                    .collect(Collectors.joining(",", "[", "]"))
                    .getBytes(StandardCharsets.UTF_8);
        }
        return new Receipt(
                work.provider(),
                work.instance(),
                Source.FETCH,
                clock.instant(),
                null,
                null,
                null,
                "application/json",
                Map.of(),
                body,
                null,
                work.receipt(),
                false);
    }

    /** Half to all of 2 s, 4 s, 8 s, ... 60 s, at random, and not before the system allows; never later than the patience ends. */
    private Instant again(Work work, ReadFailure failure) {
        long cap = Math.min(LONGEST_WAIT.toMillis(), FIRST_WAIT.toMillis() << Math.min(work.attempts(), 16));
        long wait = cap / 2 + ThreadLocalRandom.current().nextLong(cap / 2 + 1);
        Instant next = clock.instant()
                .plusMillis(Math.max(
                        wait, failure.retryAfter().orElse(Duration.ZERO).toMillis()));
        Instant last = work.receivedAt().plus(PATIENCE);
        return next.isAfter(last) ? last : next;
    }

    private static ObjectNode json(String content) {
        try {
            return (ObjectNode) StrictJson.read(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the normaliser wrote an alert that is not JSON", e);
        }
    }
}
