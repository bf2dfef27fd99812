package io.serai.door;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What a system asks by OPTIONS before it sends: whether we want that (CloudEvents HTTP 1.1 Web Hooks 1.0, section 4; Azure
 * Event Grid). It protects us from being sent to and lets nobody in, so no credential is asked for; what is sent then
 * needs one. A {@code WebHook-Request-Callback} is not called: its address is the asker's.
 */
final class SendPermission implements DoorTable.Endpoint {
    private static final String ANY = "*";

    private final Function<String, List<String>> origins;

    /** @param origins those that may send, by the provider's instance; {@code *} for all */
    SendPermission(Function<String, List<String>> origins) {
        this.origins = origins;
    }

    @Override
    public CompletionStage<Answer> answer(Arrival arrival) {
        String origin = arrival.header("webhook-request-origin");
        String instance = Optional.ofNullable(arrival.parameter("provider_id")).orElse("default");
        String allowed = origins.apply(instance).stream()
                .filter(each -> origin != null && (each.equals(ANY) || each.equalsIgnoreCase(origin)))
                .findFirst()
                .orElseThrow(() -> new Refusal(ErrorCode.PERMISSION_DENIED, "This origin may not send here."));
        // No rate of its own: who sends too fast is told so by a 429 or 503 that says when to come again.
        Map<String, String> headers =
                Map.of("Allow", "POST", "WebHook-Allowed-Origin", allowed, "WebHook-Allowed-Rate", ANY);
        return CompletableFuture.completedFuture(new Answer(200, "text/plain; charset=utf-8", new byte[0], headers));
    }
}
