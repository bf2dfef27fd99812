package io.serai.door;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The limits of people's requests: for each user a minute, for each team a minute, and for each team in a burst of ten
 * seconds (S10). A request must be within all three; one that is refused counts for none. The windows slide, so no minute
 * ever has more than its limit; what other nodes let in counts as soon as they have told of it.
 */
public final class PeopleLimits {
    /** One second more than the limit's, because a second counts whole: no minute ever has more than its limit. */
    private static final int MINUTE = 61;

    private static final int BURST = 11;

    private final Clock clock;
    private final int user;
    private final int team;
    private final int burst;
    private final Map<String, Window> windows = new ConcurrentHashMap<>();
    private long told;

    /**
     * @param user  requests a minute of one user
     * @param team  requests a minute of one team
     * @param burst requests in ten seconds of one team
     */
    public PeopleLimits(int user, int team, int burst, Clock clock) {
        this.user = user;
        this.team = team;
        this.burst = burst;
        this.clock = clock;
        this.told = clock.instant().getEpochSecond() - Window.SECONDS;
    }

    private record Bucket(Window window, int seconds, int limit, String problem) {
        int left(long now) {
            return limit - window.used(now, seconds);
        }
    }

    /** Counts a request of this person, unless one of the limits is exceeded. */
    Standing take(Principal.Person person) {
        long now = clock.instant().getEpochSecond();
        String name = "team/" + person.team();
        Window mine = windows.computeIfAbsent(name + "/user/" + person.user(), any -> new Window());
        Window ours = windows.computeIfAbsent(name, any -> new Window());
        List<Bucket> buckets = List.of(
                new Bucket(mine, MINUTE, user, "A user may make " + user + " requests a minute."),
                new Bucket(ours, MINUTE, team, "A team may make " + team + " requests a minute."),
                new Bucket(ours, BURST, burst, "A team may make " + burst + " requests in ten seconds."));
        // The user's before the team's, everywhere: nobody waits for each other.
        synchronized (mine) {
            synchronized (ours) {
                Standing refused = refused(buckets, now);
                if (refused != null) {
                    return refused;
                }
                mine.take(now);
                ours.take(now);
                return standing(buckets, now);
            }
        }
    }

    private static Standing refused(List<Bucket> buckets, long now) {
        Standing longest = null;
        for (Bucket each : buckets) {
            if (each.left(now) <= 0) {
                long free = Math.max(now + 1, each.window().free(now, each.seconds(), each.limit()));
                if (longest == null || free > longest.reset()) {
                    longest = new Standing(each.limit(), 0, free, (int) (free - now), each.problem());
                }
            }
        }
        return longest;
    }

    private static Standing standing(List<Bucket> buckets, long now) {
        Bucket tightest = buckets.get(0);
        for (Bucket each : buckets) {
            if (each.left(now) < tightest.left(now)) {
                tightest = each;
            }
        }
        int left = tightest.left(now);
        long free = left > 0 ? now : tightest.window().free(now, tightest.seconds(), tightest.limit());
        return new Standing(
                tightest.limit(),
                Math.max(0, left),
                tightest.window().refill(now, tightest.seconds()),
                (int) (free - now),
                null);
    }

    /**
     * What this node let in in one second.
     *
     * @param slot epoch second
     * @param used all of that second, not what came since the last time
     */
    public record Use(String name, long slot, int used) {}

    /** What was let in here since this was asked the last time; only one may ask. Forgets whoever was idle for long. */
    public List<Use> news() {
        long now = clock.instant().getEpochSecond();
        windows.values().removeIf(window -> {
            synchronized (window) {
                return window.used(now, Window.SECONDS) == 0;
            }
        });
        List<Use> news = new ArrayList<>();
        for (Map.Entry<String, Window> each : windows.entrySet()) {
            Window window = each.getValue();
            synchronized (window) {
                for (long slot = Math.max(told, now - Window.SECONDS + 1); slot <= now; slot++) {
                    int used = window.here(slot);
                    if (used > 0) {
                        news.add(new Use(each.getKey(), slot, used));
                    }
                }
            }
        }
        // The second that is not over is told once more.
        told = now;
        return news;
    }

    /** What the other nodes let in, all together. */
    public void others(List<Use> uses) {
        long now = clock.instant().getEpochSecond();
        for (Use each : uses) {
            Window window = windows.computeIfAbsent(each.name(), any -> new Window());
            synchronized (window) {
                window.there(now, each.slot(), each.used());
            }
        }
    }

    /** What this node let in before it was started anew. */
    public void before(List<Use> uses) {
        long now = clock.instant().getEpochSecond();
        for (Use each : uses) {
            Window window = windows.computeIfAbsent(each.name(), any -> new Window());
            synchronized (window) {
                window.before(now, each.slot(), each.used());
            }
        }
    }
}
