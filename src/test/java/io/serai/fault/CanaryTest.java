package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.deliver.Notifier;
import io.serai.deliver.NotifierCatalog;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault 60, P10, K17: every secret setting of every folder is a marker of its own; the systems behind them answer with an
 * error that repeats whatever they were sent. One is asked by a route of the operator's, and Camel quotes the whole address
 * when it fails. Then everything that can be read is searched for the markers.
 */
class CanaryTest {
    private static final Path ROUTES = Path.of("routes");
    /** Stands in the address that a route asks. */
    private static final String ASKED = "serai.provider.pagerduty.api-key";

    /** So long that the reason, which is cut, ends within the secret. */
    private static final String PATH = "x".repeat(95);

    private static final String ASKING =
            """
                    - filter:
                        expression:
                          jq:
                            expression: .service == "vault"
                        steps:
                          - removeHeaders:
                              pattern: "*"
                          - setBody:
                              expression:
                                constant: ""
                          - to:
                              uri: "STUB/PATH/who/{{KEY}}"
                              parameters:
                                bridgeEndpoint: true
                                connectTimeout: 5000
                                responseTimeout: 5000
                                followRedirects: false
            """;

    /** Every marker begins so; no other text has it. */
    private static final String BEGIN = "cAnAry";

    private static final List<String> LISTINGS = List.of(
            "alerts",
            "receipts",
            "deliveries",
            "quarantine",
            "incidents",
            "providers",
            "notifiers",
            "destinations",
            "keys",
            "audit");

    @TempDir
    Path folder;

    private final Map<String, String> markers = new LinkedHashMap<>();
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, String> seen = new LinkedHashMap<>();
    private final AtomicInteger echoed = new AtomicInteger();

    /** Quotes, a blank, a backslash and a sign of addresses: what is written in different ways in different places. */
    private String marker(String key) {
        String marker = BEGIN + markers.size() + "\"x\\ y&" + Long.toString(System.nanoTime(), 36);
        markers.put(key, marker);
        return marker;
    }

    private void secret(String key, String value) {
        // As a properties file has it.
        settings.put(key, value.replace("\\", "\\\\"));
    }

    private void configure(String stub) {
        for (Provider provider : ProviderCatalog.load(ROUTES).all()) {
            provider.settings().forEach((name, setting) -> {
                String key = "serai.provider." + provider.name() + "." + name;
                if (setting.sensitive()) {
                    secret(key, marker(key));
                } else if (setting.type().equals("url") && !name.startsWith("token-")) {
                    settings.put(key, stub);
                } else if (name.equals("poll")) {
                    settings.put(key, "0/2 * * * * ?");
                } else if (name.equals("username") || name.equals("user") || name.equals("region")) {
                    settings.put(key, "eu-1");
                } else if (name.equals("access-key-id")) {
                    settings.put(key, "AKIDEXAMPLE");
                }
            });
        }
        for (Notifier notifier : NotifierCatalog.load(ROUTES).all()) {
            String prefix = "serai.destination.to-" + notifier.name() + ".";
            settings.put(prefix + "notifier", notifier.name());
            settings.put(prefix + "retry.count", "1");
            settings.put(prefix + "retry.delay-cap", "100ms");
            settings.put(prefix + "proxy.host", "127.0.0.1");
            settings.put(prefix + "proxy.port", "9");
            notifier.settings().forEach((name, setting) -> {
                String key = prefix + name;
                if (setting.sensitive() && setting.type().equals("url")) {
                    String marker = BEGIN + markers.size() + "url" + Long.toString(System.nanoTime(), 36);
                    markers.put(key, marker);
                    settings.put(key, stub + "/" + marker);
                } else if (setting.sensitive()) {
                    secret(key, marker(key));
                } else if (setting.type().equals("url")) {
                    settings.put(key, stub);
                } else if (setting.required() || name.equals("username")) {
                    settings.put(key, required(notifier.name(), name));
                }
            });
            // Half of them through a proxy that is not there; none of the others may have its settings.
            if (prefix.hashCode() % 2 == 0) {
                settings.keySet().removeIf(key -> key.startsWith(prefix + "proxy."));
            } else {
                settings.put(prefix + "proxy.user", "someone");
                secret(prefix + "proxy.password", marker(prefix + "proxy.password"));
            }
        }
    }

    /** Has the stage that enriches ask the stub for the alerts of one service, with a key in the address. */
    private void ask(String stub) throws IOException {
        String marker = BEGIN + markers.size() + "asked" + Long.toString(System.nanoTime(), 36);
        markers.put(ASKED, marker);
        settings.put(ASKED, marker);
        Path routes = CanaryStartTest.copy(folder.resolve("routes"));
        settings.put("serai.routes", routes.toString());
        Path enrich = routes.resolve("core/alert-enrich.camel.yaml");
        String text = Files.readString(enrich);
        String last = "        - to:\n            uri: direct:alert-correlate\n";
        assertThat(text).endsWith(last);
        String asking = ASKING.replace("STUB", stub).replace("PATH", PATH).replace("KEY", ASKED);
        Files.writeString(enrich, text.substring(0, text.length() - last.length()) + asking + last);
    }

    private static String required(String notifier, String name) {
        return switch (name) {
            case "host" -> "127.0.0.1";
            case "from", "to" -> notifier.equals("twilio") ? "+15005550006" : "ops@example.org";
            case "executable" -> "/bin/false";
            case "account-sid" -> "AC" + "0".repeat(32);
            default -> "OPS";
        };
    }

    @Test
    void noSecretIsSeenAnywhere() throws Exception {
        HttpServer stub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stub.createContext("/", this::echo);
        stub.setExecutor(Executors.newCachedThreadPool());
        stub.start();
        try {
            String address = "http://127.0.0.1:" + stub.getAddress().getPort();
            configure(address);
            ask(address);
            try (SeraiProcess serai = new SeraiProcess(folder, "node-1", settings)) {
                String admin = serai.key("admin");
                String sender = serai.key("ingest:*");
                serai.start();
                use(serai, admin, sender);
                seen.put("metrics", serai.metrics());
                serai.stop();
            }
        } finally {
            stub.stop(0);
        }
        List<String> hits = search();
        System.out.println("canary: " + markers.size() + " secrets, " + echoed + " requests echoed, " + seen.size()
                + " answers and files, hits " + hits.size());
        assertThat(hits).isEmpty();
        for (String where : List.of("node-1.log", "receipt that was asked for", "serai.db")) {
            assertThat(seen.get(where)).as(where).contains(PATH + "/who/***");
        }
        assertThat(markers).hasSizeGreaterThan(40);
        assertThat(echoed.get()).as("what could have leaked").isGreaterThan(10);
    }

    private void use(SeraiProcess serai, String admin, String sender) throws Exception {
        String alert =
                "{\"title\":\"Disk full\",\"status\":\"firing\",\"severity\":\"critical\",\"service\":\"orders\"}";
        seen.put("good", serai.post("/api/alerts/event/generic", sender, alert).toString());
        seen.put(
                "bad",
                serai.post("/api/alerts/event/generic", sender, "{\"a\":").toString());
        seen.put(
                "no key",
                serai.post("/api/alerts/event/generic", "wrong", alert).toString());
        for (Provider provider : ProviderCatalog.load(ROUTES).all()) {
            String name = provider.name();
            seen.put(
                    "to " + name,
                    serai.post("/api/alerts/event/" + name, sender, "{\"x\":1}").toString());
            for (String path : List.of("/api/providers/" + name + "/check", "/api/integrations/" + name + "/test")) {
                seen.put(path, serai.post(path, admin, "{}").toString());
            }
            seen.put(
                    "setup " + name,
                    serai.post("/api/providers/" + name + "/setup", admin, "{\"url\":\"https://serai.example.org\"}")
                            .toString());
            seen.put(
                    name,
                    serai.get("/api/integrations/" + name + "/default/alerts", admin)
                            .toString());
            seen.put(
                    "health of " + name,
                    serai.get("/api/providers/" + name + "/health", admin).toString());
        }
        Awaitility.await("attempts").atMost(Duration.ofMinutes(5)).until(() -> attempts(serai, admin) > 4);
        askAbout("vault", serai, admin, sender);
        for (String listing : LISTINGS) {
            seen.put("GET " + listing, serai.get("/api/" + listing, admin).toString());
        }
        for (String listing : Size.of(List.of("alerts", "keys", "destinations"), LISTINGS)) {
            seen.put("serai " + listing, tool(serai, listing));
        }
        seen.put("explain", serai.get("/api/alerts/1/explain", admin).toString());
        JsonNode deliveries = serai.get("/api/deliveries", admin).at("/data/deliveries");
        for (JsonNode each : deliveries) {
            String id = each.path("id").asText();
            seen.put("delivery " + id, serai.get("/api/deliveries/" + id, admin).toString());
        }
    }

    /** An alert on which the route fails that asks: why it waits is kept and shown. */
    private void askAbout(String service, SeraiProcess serai, String admin, String sender) throws Exception {
        String alert = "{\"title\":\"Sealed\",\"status\":\"firing\",\"service\":\"" + service + "\"}";
        String receipt = serai.post("/api/alerts/event/generic", sender, alert)
                .at("/data/receipt")
                .asText();
        String path = "/api/receipts/" + receipt;
        Awaitility.await("the reason")
                .atMost(Duration.ofMinutes(1))
                .until(() -> serai.get(path, admin).at("/data/routing").hasNonNull("last_error"));
        seen.put("receipt that was asked for", serai.get(path, admin).toString());
        seen.put("serai receipts", serai.tool("receipts", receipt));
    }

    private static String tool(SeraiProcess serai, String listing) throws Exception {
        return switch (listing) {
            case "keys" -> serai.tool("keys", "list", "--json");
            // A command of the tool shows destinations with their notifiers.
            case "destinations" -> serai.tool("notifiers");
            default -> serai.tool(listing, "--json");
        };
    }

    private static long attempts(SeraiProcess serai, String admin) throws Exception {
        long tried = 0;
        for (JsonNode each : serai.get("/api/deliveries", admin).at("/data/deliveries")) {
            tried += each.path("attempts").asInt();
        }
        return tried;
    }

    /** The worst that can be on the other side: its error repeats all that it was sent. */
    private void echo(HttpExchange exchange) throws IOException {
        // The login first: of an answer's words a notifier tells the beginning only.
        String sent = exchange.getRequestHeaders().getFirst("Authorization") + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().values() + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        echoed.incrementAndGet();
        byte[] body = ("{\"error\":\"cannot\",\"message\":" + quoted(sent) + ",\"errors\":[" + quoted(sent) + "]}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(echoed.get() % 3 == 0 ? 401 : echoed.get() % 3 == 1 ? 500 : 400, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private List<String> search() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // The configuration is where they are.
                if (!file.toString().endsWith(".properties")) {
                    seen.put(file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        List<String> hits = new ArrayList<>();
        markers.forEach((key, marker) -> hits.addAll(find(key, forms(marker))));
        // What is cut may end within one.
        hits.addAll(find("some secret", List.of(BEGIN)));
        return hits;
    }

    /** At most one for each place. */
    private List<String> find(String secret, List<String> forms) {
        List<String> hits = new ArrayList<>();
        seen.forEach((where, text) -> {
            for (String form : forms) {
                int at = text.indexOf(form);
                if (at >= 0) {
                    hits.add(secret + " in " + where + ": "
                            + text.substring(Math.max(0, at - 80), Math.min(text.length(), at + 60)));
                    return;
                }
            }
        });
        return hits;
    }

    private static List<String> forms(String marker) {
        String encoded = URLEncoder.encode(marker, StandardCharsets.UTF_8);
        String escaped = marker.replace("\\", "\\\\").replace("\"", "\\\"");
        return List.of(
                marker,
                encoded,
                encoded.replace("+", "%20"),
                escaped,
                escaped.replace("\\", "\\\\").replace("\"", "\\\""),
                base64("", marker),
                // In a login, after a user's name of any length.
                base64("u", marker).substring(2),
                base64("us", marker).substring(3),
                // The part that no escaping changes.
                marker.substring(marker.lastIndexOf('&') + 1));
    }

    /** Without the last characters, which depend on what follows. */
    private static String base64(String before, String marker) {
        String text = Base64.getEncoder().encodeToString((before + marker).getBytes(StandardCharsets.UTF_8));
        return text.substring(0, text.length() - 4);
    }
}
