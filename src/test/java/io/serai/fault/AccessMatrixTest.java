package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.Hub;
import io.serai.api.Keys;
import io.serai.door.DoorTable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault 53, traps T15 and T16: path, method and credential from outside. Paths and methods are the running door's own
 * table; who may use them is written down here once more, and a path of which nothing is written fails.
 */
class AccessMatrixTest {
    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE");
    private static final Set<Integer> SHUT = Set.of(400, 401, 403, 404, 405);
    private static final String EVENT = "/api/alerts/event";

    @TempDir
    Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> faults = new ArrayList<>();
    private Hub hub;
    private int cells;

    /**
     * One way to knock.
     *
     * @param scopes those that the hub knows of it; null when it must not be let in at all
     */
    private record Credential(String name, Set<String> scopes, String query, List<String> headers) {}

    @Test
    void onlyTheListedCellsPass() throws Exception {
        try (Hub opened =
                new Hub(folder, Map.of("serai.provider.dynatrace.root", "true", "serai.door.guesses", "1000000"))) {
            hub = opened;
            List<Credential> credentials = credentials();
            Map<String, List<String>> table = hub.opened().stream()
                    .collect(Collectors.groupingBy(
                            DoorTable.Opened::path,
                            LinkedHashMap::new,
                            Collectors.mapping(DoorTable.Opened::method, Collectors.toList())));
            for (Map.Entry<String, List<String>> row : table.entrySet()) {
                String path = row.getKey().replace("/*", "/x");
                for (String method : METHODS) {
                    boolean listed = row.getValue().contains(method);
                    // A method that is not listed is refused before anybody looks at the credential.
                    for (Credential credential : listed ? credentials : ends(credentials)) {
                        cell(method, path, listed, credential);
                    }
                }
                for (String disguise : disguises(path)) {
                    for (String method : Size.of(List.of(row.getValue().get(0)), METHODS)) {
                        shut(method, disguise, credentials.get(0));
                    }
                }
            }
            System.out.println(
                    "access matrix: " + table.size() + " paths, " + cells + " cells, faults " + faults.size());
            assertThat(table).hasSizeGreaterThan(30);
        }
        assertThat(faults).isEmpty();
    }

    /** Nobody and the mightiest. */
    private static List<Credential> ends(List<Credential> credentials) {
        return List.of(credentials.get(0), credentials.get(credentials.size() - 1));
    }

    private List<Credential> credentials() {
        List<Credential> credentials = new ArrayList<>();
        credentials.add(new Credential("none", null, "", List.of()));
        credentials.add(header("wrong", null, "serai_nobody_" + "x".repeat(43)));
        credentials.add(header("empty", null, ""));
        credentials.add(header("revoked", null, revoked()));
        String admin = key("admin");
        credentials.add(new Credential("in the query", null, "?X-API-KEY=" + admin + "&api_key=" + admin, List.of()));
        credentials.add(new Credential("cookie", null, "", List.of("Cookie", "X-API-KEY=" + admin)));
        credentials.add(new Credential("other user", null, "", List.of("Authorization", basic("admin", admin))));
        credentials.add(
                new Credential("basic", Set.of("admin"), "", List.of("Authorization", basic("api_key", admin))));
        credentials.add(new Credential("bearer", Set.of("admin"), "", List.of("Authorization", "Bearer " + admin)));
        for (String scope : List.of("ingest:*", "ingest:prometheus", "read", "operate", "admin")) {
            credentials.add(header(scope, Set.of(scope), key(scope)));
        }
        return credentials;
    }

    private static Credential header(String name, Set<String> scopes, String key) {
        return new Credential(name, scopes, "", List.of("X-API-KEY", key));
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private String key(String scope) {
        return new Keys(hub.store(), Clock.systemUTC())
                .create(List.of(scope), "matrix")
                .path("key")
                .asText();
    }

    private String revoked() {
        Keys keys = new Keys(hub.store(), Clock.systemUTC());
        var made = keys.create(List.of("admin"), "revoked");
        keys.revoke(made.path("id").asText(), "matrix");
        return made.path("key").asText();
    }

    /** Who may, by what the documents say: null when nothing is said. */
    private static Predicate<Set<String>> rule(String method, String path) {
        if (path.startsWith("/health")) {
            return scopes -> true;
        }
        if (path.equals(EVENT) || path.equals(EVENT + "/x")) {
            return scopes -> scopes != null
                    && scopes.stream().anyMatch(scope -> scope.startsWith("ingest:") || scope.equals("admin"));
        }
        if (path.startsWith(EVENT + "/")) {
            return ingest(path.substring(EVENT.length() + 1));
        }
        if (path.equals("/") || path.equals("/webhooks/dynatrace")) {
            return ingest("dynatrace");
        }
        if (path.startsWith("/api/keys") || path.startsWith("/api/audit")) {
            return any("admin");
        }
        if (path.startsWith("/api/")) {
            return method.equals("GET") ? any("read", "operate", "admin") : any("operate", "admin");
        }
        return null;
    }

    private static Predicate<Set<String>> ingest(String provider) {
        return any("ingest:*", "ingest:" + provider, "admin");
    }

    private static Predicate<Set<String>> any(String... scopes) {
        return held -> held != null && List.of(scopes).stream().anyMatch(held::contains);
    }

    private void cell(String method, String path, boolean open, Credential credential) throws Exception {
        int status = status(method, path + credential.query(), credential.headers());
        String what = method + " " + path + " with " + credential.name() + ": " + status;
        if (!open) {
            if (status != 405) {
                faults.add(what + ", this method is not in the table");
            }
            return;
        }
        Predicate<Set<String>> rule = rule(method, path);
        if (rule == null) {
            faults.add(what + ", nobody has said who may");
        } else if (rule.test(credential.scopes()) == Set.of(401, 403).contains(status) || status >= 500) {
            faults.add(what);
        } else if (credential.scopes() == null && !path.startsWith("/health") && status != 401) {
            faults.add(what + ", not 401");
        }
    }

    /** The same path in other clothes: whatever it is taken for, it is not the way round the guard. */
    private static List<String> disguises(String path) {
        return path.startsWith("/health") || path.equals("/")
                ? List.of()
                : List.of(
                        "/" + path,
                        path + "/",
                        path + "//",
                        path.replaceFirst("/([^/])", "/%2e/$1"),
                        "/health/.." + path,
                        "/health/%2e%2e" + path,
                        "/health%2f%2e%2e" + path,
                        "/." + path,
                        path + ";x=/health",
                        path + "%00",
                        path + "%20",
                        path.toUpperCase(),
                        path.replaceFirst("/api", "/%61pi"),
                        path + "?/health",
                        path + "%3f/health",
                        path + "..;/");
    }

    private void shut(String method, String path, Credential credential) throws Exception {
        int status = status(method, path, credential.headers());
        if (!SHUT.contains(status)) {
            faults.add(method + " " + path + " with " + credential.name() + ": " + status);
        }
    }

    private int status(String method, String path, List<String> headers) throws Exception {
        cells++;
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(hub.uri("/").toString().replaceFirst("/$", "") + path))
                .method(
                        method,
                        method.equals("GET") || method.equals("HEAD")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString("{}"));
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
