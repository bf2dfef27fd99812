package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.door.Principal;
import java.time.Duration;
import java.util.ArrayList;
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
    /** Users of whom no team is said are one team. */
    private static final String NO_TEAM = "default";

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

    /**
     * @param body {@code scopes}, and where it has them {@code note}, {@code user}, {@code team} and {@code expires}
     * @throws io.serai.door.Refusal naming the member at fault
     */
    static NewKey of(JsonNode body) {
        List<String> scopes = new ArrayList<>();
        body.path("scopes").forEach(scope -> scopes.add(scope.asText()));
        Principal.Person person = null;
        if (body.hasNonNull("user")) {
            person = new Principal.Person(
                    body.path("user").asText(), body.path("team").asText(NO_TEAM));
        } else if (body.hasNonNull("team")) {
            throw Parameters.wrong("team", "needs user");
        }
        Duration expires = Parameters.duration("expires", body.path("expires"));
        return new NewKey(scopes, body.path("note").asText(""), person, expires);
    }

    private static void name(String member, String name) {
        if (!NAME.matcher(name).matches()) {
            throw Parameters.wrong(member, "must be of letters, digits, @, dot, hyphen and underscore, 63 at most");
        }
    }
}
