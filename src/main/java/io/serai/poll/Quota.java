package io.serai.poll;

import java.time.Duration;
import java.time.Instant;

/**
 * How many requests a minute a polled system gets from here, evenly, after a first burst of one minute's worth (K15).
 * Requests that have to wait are booked ahead, so that none is lost and none starves.
 */
final class Quota {
    private final Duration minute = Duration.ofMinutes(1);
    private final Duration each;
    private Instant free = Instant.MIN;

    /** @param requests a minute, one at least */
    Quota(int requests) {
        each = minute.dividedBy(requests);
    }

    /** Books one request. How long from now it has to wait; never negative. */
    synchronized Duration take(Instant now) {
        // What was not used in the last minute may be used at once; what is older is lost.
        Instant earliest = now.minus(minute).plus(each);
        Instant at = free.isBefore(earliest) ? earliest : free;
        free = at.plus(each);
        return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
    }
}
