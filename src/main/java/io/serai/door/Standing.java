package io.serai.door;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where somebody stands with the tightest of the limits of people, for the headers of every answer (S11).
 *
 * @param limit      how many requests it allows
 * @param remaining  how many are left of it
 * @param reset      epoch second from which more of it is left than now
 * @param retryAfter seconds to wait before the next request; 0 when it may come at once
 * @param problem    what limit is exceeded; null when none is
 */
record Standing(int limit, int remaining, long reset, int retryAfter, String problem) {

    /** @throws Refusal 429 when a limit is exceeded */
    void check() {
        if (problem != null) {
            throw new Refusal(ErrorCode.RATE_LIMITED, problem, List.of(), retryAfter);
        }
    }

    /** The answer with where its receiver stands. */
    Answer on(Answer answer) {
        Map<String, String> headers = new LinkedHashMap<>(answer.headers());
        headers.put("X-RateLimit-Limit", String.valueOf(limit));
        headers.put("X-RateLimit-Remaining", String.valueOf(remaining));
        headers.put("X-RateLimit-Reset", String.valueOf(reset));
        headers.put("X-RateLimit-Retry-After", String.valueOf(retryAfter));
        return new Answer(answer.status(), answer.contentType(), answer.body(), headers);
    }
}
