package io.serai.door;

import java.util.Set;

/**
 * Who sent a request, as the credential says; never as the body says.
 *
 * @param id     the key's id, or the provider's own scheme: {@code signature:overwatch}
 * @param scopes {@code ingest:*}, {@code ingest:<provider>}, {@code read}, {@code operate}, {@code admin}
 */
public record Principal(String id, Set<String> scopes) {

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
}
