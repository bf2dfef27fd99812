package io.serai.door;

import io.serai.reload.InUse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.support.DefaultConsumer;

/**
 * Hands requests of one path to its route, without blocking a thread while the ledger commits. The message carries the
 * raw bytes and no header at all; the request is the exchange variable {@code arrival}.
 */
final class DoorConsumer extends DefaultConsumer implements PlatformHttpConsumer {
    static final String ARRIVAL = "arrival";
    private static final String DEFAULT_TYPE = "application/json";

    private final DoorEngine engine;
    private final InUse use;
    private final DoorTable.Endpoint endpoint = this::answer;

    DoorConsumer(PlatformHttpEndpoint endpoint, Processor processor, DoorEngine engine, InUse use) {
        super(endpoint, processor);
        this.engine = engine;
        this.use = use;
    }

    @Override
    public PlatformHttpEndpoint getEndpoint() {
        return (PlatformHttpEndpoint) super.getEndpoint();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        String methods = getEndpoint().getHttpMethodRestrict();
        for (String method : (methods == null ? "POST" : methods).split(",")) {
            engine.open(method.trim(), path(), IngestPaths.access(path()), endpoint);
        }
    }

    @Override
    protected void doStop() throws Exception {
        engine.close(endpoint);
        super.doStop();
    }

    private String path() {
        String path = getEndpoint().getPath();
        return path.startsWith("/") ? path : "/" + path;
    }

    private CompletionStage<Answer> answer(Arrival arrival) {
        if (!use.begin()) {
            // These routes were replaced while the request waited: the newer ones take it.
            return engine.find(arrival.method(), arrival.path()).answer(arrival);
        }
        Exchange exchange = createExchange(false);
        exchange.setVariable(ARRIVAL, arrival);
        exchange.getMessage().setBody(arrival.body());
        CompletableFuture<Answer> future = new CompletableFuture<>();
        getAsyncProcessor().process(exchange, sync -> {
            try {
                complete(exchange, future);
            } finally {
                releaseExchange(exchange, false);
                use.end();
            }
        });
        return future;
    }

    private static void complete(Exchange exchange, CompletableFuture<Answer> future) {
        if (exchange.getException() != null) {
            future.completeExceptionally(cause(exchange.getException()));
            return;
        }
        Message message = exchange.getMessage();
        if (message.getBody() instanceof LaterAnswer later) {
            later.answer().whenComplete((answer, failure) -> {
                if (failure == null) {
                    future.complete(answer);
                } else {
                    future.completeExceptionally(cause(failure));
                }
            });
            return;
        }
        Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
        String type = message.getHeader(Exchange.CONTENT_TYPE, DEFAULT_TYPE, String.class);
        byte[] body = message.getBody() instanceof byte[] bytes
                ? bytes
                : String.valueOf(message.getBody(String.class)).getBytes(StandardCharsets.UTF_8);
        future.complete(new Answer(status, type, body, Map.of()));
    }

    private static Throwable cause(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof Refusal) {
                return each;
            }
        }
        return failure;
    }
}
