package io.serai.record;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * One request's alerts on their way to the ledger: what the record stage leaves as the message's body. The exchange does
 * not wait for the commit, which would keep the parsed body and a route's whole state in memory meanwhile; whoever
 * answers does.
 *
 * @param committed completed after the commit; exceptionally with a {@link io.serai.door.Refusal} when nothing was kept
 */
public record Recording(CompletionStage<Recorded> committed) {

    /**
     * Waits for the commit.
     *
     * @throws io.serai.door.Refusal when nothing was kept
     */
    public Recorded await() {
        try {
            return committed.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
