package io.serai.reload;

import java.time.Instant;
import java.util.List;

/**
 * Which configuration runs, and whether a newer one was refused.
 *
 * @param generation from 1, the one of the start
 * @param edit       short name of the content that runs
 * @param since      when it began to run
 * @param restart    settings that were changed meanwhile and need a restart to count
 * @param refused    null unless what lies on the disk is refused
 */
public record ReloadState(int generation, String edit, Instant since, List<String> restart, Refused refused) {

    /**
     * @param edit     short name of the refused content
     * @param findings at least one
     */
    public record Refused(String edit, Instant at, List<Finding> findings) {}

    ReloadState refusing(Refused now) {
        return new ReloadState(generation, edit, since, restart, now);
    }
}
