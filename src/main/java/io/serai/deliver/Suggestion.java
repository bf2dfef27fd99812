package io.serai.deliver;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known word that a misspelt one is nearest to (O11). */
final class Suggestion {
    private Suggestion() {}

    /** {@code Did you mean 'x'?} as a remedy; empty when nothing is near. */
    static Optional<String> of(String word, Collection<String> known) {
        int limit = Math.max(2, word.length() / 3);
        return known.stream()
                .filter(each -> distance(word, each) <= limit)
                .min(Comparator.<String>comparingInt(each -> distance(word, each)).thenComparing(each -> each))
                .map(each -> "Did you mean '" + each + "'");
    }

    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
