package io.serai.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LintTest {
    @Test
    void theShippedTreeHasNothingToMend() {
        assertThat(Lint.check(Path.of("routes"))).isEmpty();
    }
}
