package io.serai.ask;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.serai.door.Refusal;
import io.serai.poll.PollState;
import io.serai.poll.ReadingListener;
import io.serai.provider.ProviderSettings;
import io.serai.record.Lease;
import io.serai.record.Leases;
import io.serai.record.LedgerUnavailable;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.TimeZone;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.quartz.CronExpression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topology of an instance when its setting {@code topology}, a Quartz cron expression in UTC, says so: one node at
 * a time, and once for each strike. A strike that was missed, as no node ran, is made up for.
 */
final class TopologyRefresh {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyRefresh.class);
    private static final String SETTING = "topology";
    /** Longer than all pages with their time limits. */
    private static final Duration READING = Duration.ofMinutes(6);

    private final ProviderSettings settings;
    private final TopologyBook book;
    private final Leases leases;
    private final String node;
    private final ReadingListener listener;

    TopologyRefresh(
            ProviderSettings settings, TopologyBook book, Leases leases, String node, ReadingListener listener) {
        this.settings = settings;
        this.book = book;
        this.leases = leases;
        this.node = node;
        this.listener = listener;
    }

    /**
     * Never throws: the next strike of the timer looks again.
     *
     * @param reading asks a provider's instance for its services
     */
    void look(String provider, String instance, BiFunction<String, String, ArrayNode> reading) {
        String source = provider + "/" + instance;
        try {
            Optional<CronExpression> schedule =
                    settings.value(provider, instance, SETTING).map(TopologyRefresh::expression);
            if (schedule.isPresent() && book.due(source, schedule.get())) {
                read(provider, instance, schedule.get(), () -> reading.apply(provider, instance));
            }
            book.bring(source);
        } catch (IOException | RuntimeException e) {
            String problem = sentence(e);
            LOG.warn("topology of {}: {}", source, problem);
            failed(provider, instance, problem);
        }
    }

    /** How the last reading of an instance that has a schedule ended; empty before the first. */
    Optional<PollState> state(String provider, String instance) {
        return settings.value(provider, instance, SETTING).flatMap(cron -> book.state(provider + "/" + instance));
    }

    /** What could be read, by schedule or by hand, is fresh: whatever had failed before is over. */
    void succeeded(String provider, String instance) {
        Optional<PollState> before = book.ended(provider + "/" + instance, null);
        listener.read(provider, instance, before.map(PollState::problem).isPresent());
    }

    private void failed(String provider, String instance, String problem) {
        try {
            Optional<PollState> before = book.ended(provider + "/" + instance, problem);
            listener.failed(
                    provider, instance, problem, before.map(PollState::problem).isEmpty());
        } catch (LedgerUnavailable e) {
            LOG.warn("that the topology of {}/{} was not read is not kept: {}", provider, instance, e.getMessage());
        }
    }

    private static String sentence(Exception e) {
        return e instanceof AskFailure || e instanceof Refusal || e instanceof LedgerUnavailable
                ? e.getMessage()
                : "the reading failed (" + e.getClass().getSimpleName() + ")";
    }

    private void read(String provider, String instance, CronExpression schedule, Supplier<ArrayNode> reading) {
        String source = provider + "/" + instance;
        Optional<Lease> lease = leases.acquire("topology/" + source, node + "/" + UUID.randomUUID(), READING);
        if (lease.isEmpty()) {
            return;
        }
        try {
            // The node that held the lease a moment ago may have done it.
            if (book.due(source, schedule)) {
                book.trying(source);
                ArrayNode services = reading.get();
                book.write(source, services);
                succeeded(provider, instance);
                LOG.info("topology of {}: {} services", source, services.size());
            }
        } finally {
            leases.release(lease.get());
        }
    }

    private static CronExpression expression(String cron) {
        try {
            CronExpression expression = new CronExpression(cron);
            expression.setTimeZone(TimeZone.getTimeZone("UTC"));
            return expression;
        } catch (ParseException e) {
            throw new IllegalStateException("the schedule was checked at the start", e);
        }
    }
}
