package io.serai.golden;

import java.util.List;

/**
 * What came of one sample.
 *
 * @param sample   file name in {@code samples}
 * @param problems one text each, ready to print; none when the sample is as expected
 * @param updated  true when the expected file was written
 */
public record Result(Folder folder, String sample, List<String> problems, boolean updated) {
    public Result {
        problems = List.copyOf(problems);
    }

    public boolean passed() {
        return problems.isEmpty();
    }
}
