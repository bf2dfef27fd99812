package io.serai.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every sample of every folder in the tree. {@code -Dgolden.update=true} rewrites what is expected. */
class GoldenTest {
    private static final Path ROUTES = Path.of("routes");

    @TestFactory
    Stream<DynamicNode> samplesGiveWhatIsExpected() {
        try (Golden golden = new Golden(ROUTES, Boolean.getBoolean("golden.update"))) {
            return Folder.all(ROUTES).stream()
                    .map(folder ->
                            dynamicContainer(folder.kind().word() + " " + folder.name(), tests(golden.run(folder))))
                    .toList()
                    .stream()
                    .map(DynamicNode.class::cast);
        }
    }

    private static List<DynamicNode> tests(List<Result> results) {
        return results.stream()
                .<DynamicNode>map(result -> dynamicTest(result.sample(), () -> assertThat(result.passed())
                        .withFailMessage(() -> String.join("\n", result.problems()))
                        .isTrue()))
                .toList();
    }
}
