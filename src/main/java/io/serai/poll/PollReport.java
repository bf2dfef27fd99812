package io.serai.poll;

import java.util.Map;

/**
 * What one poll found.
 *
 * @param seen      how many problems the polled system listed
 * @param recorded  how many of them were recorded, the rest being as the last poll left them
 * @param verdicts  how many of the recorded ones got which verdict
 * @param monitored how many entities of each kind the polled system watches, where it says so (D8)
 * @param problem   why nothing or not everything was read; null when all was
 * @param failure   what sort of failure it was (O11); null when the system was not asked, or all was read
 */
public record PollReport(
        String provider,
        String instance,
        int seen,
        int recorded,
        Map<String, Integer> verdicts,
        Map<String, Long> monitored,
        String problem,
        ReadFailure.Kind failure) {}
