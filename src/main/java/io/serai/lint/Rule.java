package io.serai.lint;

import java.util.function.Consumer;

/** One family of rules. Looks at the whole tree, keeps nothing. */
interface Rule {
    void check(Tree tree, Consumer<Finding> findings);
}
