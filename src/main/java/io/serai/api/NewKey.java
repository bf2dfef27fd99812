package io.serai.api;

import io.serai.door.Principal;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a key is to be.
 *
 * @param scopes  of {@code ingest:*}, {@code ingest:<provider>}, {@code read}, {@code operate}, {@code admin}
 * @param note    what it is for
 * @param person  whose it is; null for a machine's
 * @param expires how long it lives; null for ever
 */
public record NewKey(List<String> scopes, String note, Principal.Person person, Duration expires) {
    private static final Pattern SCOPE = Pattern.compile("ingest:(\\*|[a-z0-9][a-z0-9-]{0,62})|read|operate|admin");
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}][\\p{Alnum}@._-]{0,62}");
    private static final Duration LONGEST = Duration.ofDays(3650);

    /** A machine's key without an end. */
    public NewKey(List<String> scopes, String note) {
        this(scopes, note, null, null);
    }

    /** @throws io.serai.door.Refusal naming the member at fault */
    public NewKey {
        if (scopes.isEmpty()
                || !scopes.stream().allMatch(each -> SCOPE.matcher(each).matches())) {
            throw Parameters.wrong("scopes", "must be of ingest:*, ingest:<provider>, read, operate, admin");
        }
        if (note.length() > 200) {
            throw Parameters.wrong("note", "must not be longer than 200 characters");
        }
        if (person != null) {
            name("user", person.user());
            name("team", person.team());
        }
        if (expires != null && (expires.isZero() || expires.isNegative() || expires.compareTo(LONGEST) > 0)) {
            throw Parameters.wrong("expires", "must be 1s to 3650d");
        }
        scopes = List.copyOf(scopes);
    }

    private static void name(String member, String name) {
        if (!NAME.matcher(name).matches()) {
            throw Parameters.wrong(member, "must be of letters, digits, @, dot, hyphen and underscore, 63 at most");
        }
    }
}
