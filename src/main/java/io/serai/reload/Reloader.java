package io.serai.reload;

import io.serai.config.ConfigurationError;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an edited configuration over while Serai runs (P9, fault 67): waits until nobody writes any more, copies it, has
 * the copy linted and its samples tried by the {@link Checker}, and hands it to whoever runs it. What fails on the way is
 * refused, said loudly and once, and changes nothing.
 */
public final class Reloader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);
    private static final Duration CHECK = Duration.ofMinutes(2);
    /** When a check that could not tell is tried again. */
    private static final Duration AGAIN = Duration.ofMinutes(5);

    /** So long after an edit the check's process is kept for the next one: whoever edits seldom leaves it at one. */
    private static final Duration KEPT = Duration.ofMinutes(15);

    private static final int SHOWN = 5;

    private final Sources sources;
    private final Path copies;
    private final Running running;
    private ReloadListener listener;
    private final Clock clock;
    private final Checker checker = new Checker(CHECK);
    private final Watch watch;
    private Snapshot current;
    private Snapshot refusedLast;
    private Map<Path, Sources.Look> seen = Map.of();
    private long checkedAt;
    private int copied;
    private volatile ReloadState state;
    private volatile boolean closed;

    /** How one attempt ended. */
    public enum Result {
        TAKEN,
        UNCHANGED,
        REFUSED
    }

    /**
     * @param routes   the operator's folder
     * @param settings the operator's file
     * @param copies   a folder of ours; what is in it is deleted
     */
    public Reloader(Path routes, Path settings, Path copies, Running running, Clock clock) {
        this.sources = new Sources(routes, settings);
        this.copies = copies;
        this.running = running;
        this.clock = clock;
        this.watch = new Watch(sources::look, new Seen());
    }

    /**
     * The copy that the start loads.
     *
     * @throws ConfigurationError when the files cannot be read, or not be copied
     */
    public Snapshot first() {
        try {
            seen = sources.look();
            Snapshot.delete(copies);
            current = Snapshot.take(sources, fresh(), false);
            state = new ReloadState(1, current.edit(), clock.instant(), List.of(), null);
            return current;
        } catch (IOException e) {
            throw new ConfigurationError(
                    "serai.routes",
                    "the folder " + sources.routes() + " cannot be copied to " + copies,
                    "Give the routes folder of Serai, and room in serai.data");
        }
    }

    /** Whom to tell; before anything is reloaded. */
    public synchronized void tell(ReloadListener whom) {
        listener = whom;
    }

    /** Looks for changes from now on. */
    public synchronized void watch(Duration interval) {
        checkedAt = System.nanoTime();
        watch.start(interval);
    }

    public ReloadState state() {
        return state;
    }

    /** Takes what lies there now, without waiting for the next look. */
    public synchronized Result reload() {
        return attempt(true);
    }

    private final class Seen implements Watch.Edits {
        @Override
        public boolean differ(Map<Path, Sources.Look> files) {
            synchronized (Reloader.this) {
                return !files.equals(seen);
            }
        }

        @Override
        public void begun() {
            checker.warm();
        }

        @Override
        public void settled() {
            synchronized (Reloader.this) {
                attempt(false);
            }
        }

        @Override
        public void idle() {
            synchronized (Reloader.this) {
                if (undecided()) {
                    attempt(true);
                } else if (System.nanoTime() - checkedAt > KEPT.toNanos()) {
                    checker.rest();
                }
            }
        }
    }

    /** The check itself failed, for want of time or memory, and has not been tried again for a while. */
    private boolean undecided() {
        ReloadState.Refused refused = state.refused();
        return refused != null
                && refused.findings().stream().anyMatch(each -> each.rule().equals(Checker.UNDECIDED))
                && System.nanoTime() - checkedAt > AGAIN.toNanos();
    }

    private Result attempt(boolean asked) {
        if (closed) {
            return Result.UNCHANGED;
        }
        Map<Path, Sources.Look> before = sources.look();
        Snapshot edit;
        try {
            edit = Snapshot.take(sources, fresh(), true);
        } catch (IOException e) {
            seen = before;
            return refuse(
                    null,
                    List.of(Finding.of(
                            "routes", "read", "a file cannot be read or copied", "Make it readable, and room")));
        }
        // Written to meanwhile: the next look sees it and tries again.
        seen = before;
        Result result = decide(edit, asked);
        checkedAt = System.nanoTime();
        if (result != Result.TAKEN) {
            delete(edit);
        }
        return result;
    }

    private Result decide(Snapshot edit, boolean asked) {
        Set<String> changed = edit.changed(current);
        if (changed.isEmpty()) {
            if (state.refused() != null) {
                LOG.info("The refused edit {} was taken back.", state.refused().edit());
                inForce(state.refusing(null));
            }
            return Result.UNCHANGED;
        }
        boolean same = refusedLast != null && refusedLast.same(edit);
        if (same && !asked) {
            return Result.REFUSED;
        }
        if (!edit.keepsSettingsOf(current)) {
            return refuse(
                    edit,
                    List.of(Finding.of(
                            sources.settings().getFileName().toString(),
                            "read",
                            "the settings are gone",
                            "Restore the file; empty it when none are wanted")));
        }
        Set<String> edited = edit.edited(current);
        Set<String> others = new TreeSet<>(edit.touched(current));
        others.removeAll(edited);
        List<Finding> findings = checker.check(edit.routes(), edited, others);
        if (closed) {
            return Result.UNCHANGED;
        }
        if (!findings.isEmpty()) {
            return refuse(edit, findings);
        }
        try {
            take(edit, changed);
            return Result.TAKEN;
        } catch (ConfigurationError e) {
            String line = e.naming(sources.routes().toString(), edit.routes().toString())
                    .getMessage()
                    .replaceFirst("\\.$", "");
            return refuse(edit, List.of(Finding.of(changed.iterator().next(), "start", line, "What ran runs on")));
        }
    }

    private void take(Snapshot edit, Set<String> changed) {
        Set<String> restart = new TreeSet<>(running.take(edit, changed));
        Snapshot before = current;
        current = edit;
        refusedLast = null;
        LOG.info("The edit {} is in force: {}.", edit.edit(), some(changed));
        if (!restart.isEmpty()) {
            LOG.warn("These settings count after a restart: {}.", String.join(", ", restart));
        }
        inForce(new ReloadState(state.generation() + 1, edit.edit(), clock.instant(), List.copyOf(restart), null));
        LOG.debug("It came after {}.", before.edit());
    }

    private void inForce(ReloadState now) {
        state = now;
        refusedLast = null;
        listener.inForce(now);
    }

    private Result refuse(Snapshot edit, List<Finding> findings) {
        String name = edit == null ? "unread" : edit.edit();
        boolean known = state.refused() != null
                && state.refused().edit().equals(name)
                && state.refused().findings().equals(findings);
        state = state.refusing(new ReloadState.Refused(name, clock.instant(), List.copyOf(findings)));
        refusedLast = edit;
        if (!known) {
            LOG.error(
                    "The edit {} is refused, what ran before runs on: {}",
                    name,
                    some(findings.stream().map(Finding::toString).toList()));
            listener.refused(state);
        }
        return Result.REFUSED;
    }

    private static String some(Collection<String> all) {
        String shown = String.join("; ", all.stream().limit(SHOWN).toList());
        return all.size() > SHOWN ? shown + " and " + (all.size() - SHOWN) + " more" : shown;
    }

    private Path fresh() {
        return copies.resolve(String.valueOf(++copied));
    }

    private static void delete(Snapshot copy) {
        try {
            copy.delete();
        } catch (IOException e) {
            LOG.warn("The copy {} could not be deleted: {}", copy.folder(), e.toString());
        }
    }

    /** Looks no more; a check that runs is cut, a configuration that is being taken over is waited for. */
    @Override
    public void close() {
        closed = true;
        checker.close();
        watch.close();
    }
}
