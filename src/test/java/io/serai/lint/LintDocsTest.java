package io.serai.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LintDocsTest {
    private static final Pattern NAME = Pattern.compile("`([a-z-]+)`");

    @Test
    void everyRuleThatFiresIsListedAndEveryListedOneFires() throws Exception {
        Set<String> fired = Stream.concat(RulesTest.fires(), TrapsTest.fires())
                .map(each -> String.valueOf(each.get()[0]))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("docs/lint.md"))) {
            String first = line.startsWith("| `") ? line.split("\\|")[1] : "";
            Matcher names = NAME.matcher(first);
            while (names.find()) {
                listed.add(names.group(1));
            }
        }
        assertThat(listed).isEqualTo(fired);
    }
}
