package io.serai.lint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Checks a routes folder and the settings beside it. Needs neither the network nor a ledger, and changes nothing. */
public final class Lint {
    private static final List<Rule> RULES = List.of(
            new YamlLanguage(),
            new EndpointOptions(),
            new ForbiddenSteps(),
            new ForbiddenOptions(),
            new Beans(),
            new HttpProducers(),
            new OtherSystems(),
            new InMemory(),
            new SimpleTexts(),
            new Structure(),
            new Descriptors(),
            new FolderContents(),
            new JqFiles(),
            new JqPredicates(),
            new Requests(),
            new ApplicationProperties());

    private Lint() {}

    /** Reads what the rules need, so that the first check is as quick as the next one. */
    public static void prepare() {
        Objects.requireNonNull(RULES);
    }

    /** All findings, by file and line. */
    public static List<Finding> check(Path routes) {
        List<Finding> findings = new ArrayList<>();
        Tree tree = Tree.read(routes, findings::add);
        RULES.forEach(rule -> rule.check(tree, findings::add));
        return findings.stream()
                .distinct()
                .sorted(Comparator.comparing(Finding::file)
                        .thenComparingInt(Finding::line)
                        .thenComparing(Finding::rule)
                        .thenComparing(Finding::reason))
                .toList();
    }
}
