package io.serai.door;

import java.util.Set;

/**
 * Who sent a request, as the credential says; never as the body says.
 *
 * @param id     the key's id, or the provider's own scheme: {@code signature:overwatch}
 * @param scopes {@code ingest:*}, {@code ingest:<provider>}, {@code read}, {@code operate}, {@code admin}
 * @param person whose credential it is; null for a machine's
 */
public record Principal(String id, Set<String> scopes, Person person) {

    /** A user of a team; the credential says so, whatever else they call themselves (trap of S5). */
    public record Person(String user, String team) {}

    /** A machine. */
    public Principal(String id, Set<String> scopes) {
        this(id, scopes, null);
    }

    /** True when the scope is held itself or implied: admin implies all, operate implies read. */
    public boolean allows(String scope) {
        return scopes.contains("admin")
                || scopes.contains(scope)
                || (scope.startsWith("ingest:") && scopes.contains("ingest:*"))
                || (scope.equals("read") && scopes.contains("operate"));
    }

    /** True when it may send for at least one provider. */
    public boolean mayIngest() {
        return scopes.stream().anyMatch(scope -> scope.equals("admin") || scope.startsWith("ingest:"));
    }

    /** True when it may send and do nothing else. */
    public boolean onlyIngests() {
        return scopes.stream().allMatch(scope -> scope.startsWith("ingest:"));
    }
}
