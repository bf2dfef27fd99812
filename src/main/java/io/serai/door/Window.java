package io.serai.door;

import java.util.Arrays;

/**
 * How often something was let in lately, by second: here, and on the other nodes as far as they have told. Guarded by
 * whoever holds it.
 */
final class Window {
    /** Seconds that are remembered: the longest limit, and one more, so that no minute ever has more than its limit. */
    static final int SECONDS = 61;

    private final int[] here = new int[SECONDS];
    private final int[] there = new int[SECONDS];
    private long now = Long.MIN_VALUE;

    /** Forgets what is too old. A clock that goes back forgets nothing. */
    private void moveTo(long second) {
        if (second - now >= SECONDS || now == Long.MIN_VALUE) {
            Arrays.fill(here, 0);
            Arrays.fill(there, 0);
            now = second;
        }
        for (; now < second; now++) {
            here[slot(now + 1)] = 0;
            there[slot(now + 1)] = 0;
        }
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }

    private boolean holds(long second) {
        return second <= now && now - second < SECONDS;
    }

    /** How many were let in within the last seconds, this one included. */
    int used(long second, int seconds) {
        moveTo(second);
        int sum = 0;
        for (long each = now - seconds + 1; each <= now; each++) {
            sum += here[slot(each)] + there[slot(each)];
        }
        return sum;
    }

    void take(long second) {
        moveTo(second);
        here[slot(now)]++;
    }

    /**
     * The second from which on there is room for one more, when there is none now.
     *
     * @param limit how many may be let in within that many seconds
     */
    long free(long second, int seconds, int limit) {
        int over = used(second, seconds) - limit;
        long each = now - seconds + 1;
        for (; each <= now && over >= 0; each++) {
            over -= here[slot(each)] + there[slot(each)];
        }
        return each - 1 + seconds;
    }

    /** The second from which on one more than now is left; when nothing was used, this one. */
    long refill(long second, int seconds) {
        moveTo(second);
        for (long each = now - seconds + 1; each <= now; each++) {
            if (here[slot(each)] + there[slot(each)] > 0) {
                return each + seconds;
            }
        }
        return now;
    }

    /** What was let in here in that second; of what is forgotten, none. */
    int here(long second) {
        return holds(second) ? here[slot(second)] : 0;
    }

    /** What the other nodes let in in that second, all together. */
    void there(long second, long of, int used) {
        moveTo(second);
        if (holds(of)) {
            there[slot(of)] = used;
        }
    }

    /** What this node let in before it was started anew. */
    void before(long second, long of, int used) {
        moveTo(second);
        if (holds(of)) {
            here[slot(of)] += used;
        }
    }
}
