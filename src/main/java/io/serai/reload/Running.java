package io.serai.reload;

import io.serai.config.ConfigurationError;
import java.util.List;
import java.util.Set;

/** What a checked configuration is handed to. */
public interface Running {
    /**
     * Loads and starts what the copy says beside what runs, and puts it in its place. When that fails nothing has changed.
     *
     * @param changed names of the files that differ from what runs, as {@code routes/…}
     * @return keys that differ and need a restart to count
     * @throws ConfigurationError in one line, naming our copy of the file
     */
    List<String> take(Snapshot snapshot, Set<String> changed);
}
