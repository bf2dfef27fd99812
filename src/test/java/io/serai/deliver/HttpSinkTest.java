package io.serai.deliver;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.config.ConfigurationError;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The HTTP step of all notifiers: G12, D24, faults 22 and 23. Seen through the webhook notifier. */
class HttpSinkTest {
    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    @TempDir
    Path folder;

    private NotifierHarness start(String url, String... more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("url", url));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return NotifierHarness.start("webhook", settings);
    }

    private static SendFailure failure(NotifierHarness harness) {
        return catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));
    }

    @Test
    void aProxyWithAuthenticationIsUsed() throws Exception {
        try (ProxyStub proxy = new ProxyStub("alice", "s3cret&+ü");
                NotifierHarness harness = start(
                        "http://target.invalid/in",
                        "proxy.host",
                        "127.0.0.1",
                        "proxy.port",
                        Integer.toString(proxy.port()),
                        "proxy.user",
                        "alice",
                        "proxy.password",
                        "s3cret&+ü")) {
            harness.send("firing");
            assertThat(proxy.passed).containsExactly("POST http://target.invalid/in HTTP/1.1");
        }
    }

    @Test
    void aProxyThatRefusesIsAFailureAndTheTargetIsNotAskedDirectly() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(204)));
        try (ProxyStub proxy = new ProxyStub("alice", "right");
                NotifierHarness harness = start(
                        stub.baseUrl() + "/in",
                        "proxy.host",
                        "127.0.0.1",
                        "proxy.port",
                        Integer.toString(proxy.port()),
                        "proxy.user",
                        "alice",
                        "proxy.password",
                        "wrong")) {
            SendFailure failure = failure(harness);
            assertThat(failure.statusCode()).isEqualTo(407);
            assertThat(failure.isPermanent()).isTrue();
            assertThat(proxy.challenged).isNotEmpty();
            assertThat(stub.getAllServeEvents()).isEmpty();
        }
    }

    @Test
    void onlyTheNamedAuthoritiesAreTrustedAndTheNameMustFit() throws Exception {
        WireMockServer secure = new WireMockServer(WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .dynamicPort()
                .dynamicHttpsPort()
                .keystorePath(keys().toString())
                .keystorePassword("changeit")
                .keyManagerPassword("changeit"));
        secure.start();
        secure.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(204)));
        String url = "https://localhost:" + secure.httpsPort() + "/in";
        String certificate = certificate().toString();
        try {
            try (NotifierHarness harness = start(url)) {
                assertThat(failure(harness).getMessage()).contains("SSL");
            }
            try (NotifierHarness harness = start(url.replace("localhost", "127.0.0.1"), "ca-file", certificate)) {
                assertThat(failure(harness).getMessage()).contains("SSL");
            }
            assertThat(secure.getAllServeEvents()).isEmpty();
            try (NotifierHarness harness = start(url, "ca-file", certificate)) {
                harness.send("firing");
                assertThat(secure.getAllServeEvents()).hasSize(1);
            }
        } finally {
            secure.stop();
        }
    }

    /** A key for {@code localhost} that only its own certificate vouches for. */
    private Path keys() throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "stub",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=stub",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit",
                        "-validity",
                        "2")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return file;
    }

    private Path certificate() throws Exception {
        KeyStore keys = KeyStore.getInstance(folder.resolve("keys.p12").toFile(), "changeit".toCharArray());
        return Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(keys.getCertificate("stub").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    @Test
    void aCaFileWithoutCertificatesStopsTheStart() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "no certificate\n");
        assertThatThrownBy(() ->
                        start("https://localhost/", "ca-file", empty.toString()).close())
                .rootCause()
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.destination.probe.ca-file: holds no certificate.");
    }

    @Test
    void aHugeAnswerIsCutNotRead() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(200).withBody("x".repeat(20 << 20))));
        try (NotifierHarness harness = start(stub.baseUrl() + "/in")) {
            Exchange exchange = harness.send("firing");
            assertThat(exchange.getMessage().getBody(String.class)).hasSize(OutboundClient.ANSWER);
            assertThat(exchange.getMessage().getHeaders())
                    .as("no header of the answer goes on")
                    .isEmpty();
        }
    }

    @Test
    void aPackedAnswerIsNotUnpacked() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream packer = new GZIPOutputStream(bomb)) {
            packer.write(new byte[10 << 20]);
        }
        stub.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(200)
                        .withHeader("Content-Encoding", "gzip")
                        .withBody(bomb.toByteArray())));
        try (NotifierHarness harness = start(stub.baseUrl() + "/in")) {
            assertThat(harness.send("firing").getMessage().getBody(String.class).length())
                    .isLessThanOrEqualTo(bomb.size());
            assertThat(stub.getAllServeEvents().get(0).getRequest().getHeader("Accept-Encoding"))
                    .isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyBreakOfTheWireMayBeRetried(Fault fault) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));
        try (NotifierHarness harness = start(stub.baseUrl() + "/in")) {
            assertThat(failure(harness).kind()).isEqualTo(SendFailure.Kind.RETRY);
        }
    }

    @Test
    void nobodyListening() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (NotifierHarness harness = start("http://127.0.0.1:" + free + "/in")) {
            SendFailure failure = failure(harness);
            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
            assertThat(failure.getMessage()).isEqualTo("no connection, or a broken one (HttpHostConnectException)");
        }
    }

    @Test
    void anUnknownHostMayBeRetried() throws Exception {
        try (NotifierHarness harness = start("http://nowhere.invalid/in")) {
            assertThat(failure(harness).kind()).isEqualTo(SendFailure.Kind.RETRY);
        }
    }

    /** A receiver that speaks a byte now and then would hold a socket timeout off for ever. */
    @ParameterizedTest
    @CsvSource({"'HTTP/1.1 200 OK\r\nX-Slow: '", "'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n'"})
    void anAnswerThatTricklesIsCutAtTheTimeLimit(String start) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                thread.submit(() -> {
                    try (Socket socket = server.accept()) {
                        socket.getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
                        while (true) {
                            socket.getOutputStream().write('x');
                            socket.getOutputStream().flush();
                            Thread.sleep(20);
                        }
                    }
                });
                try (NotifierHarness harness =
                        start("http://127.0.0.1:" + server.getLocalPort() + "/in", "timeout", "400ms")) {
                    SendFailure failure = failure(harness);
                    assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);
                    assertThat(failure.getMessage()).startsWith("no answer in time");
                }
            } finally {
                thread.shutdownNow();
            }
        }
    }

    /** A target that takes the connection and says nothing in the TLS handshake. */
    @Test
    void aHandshakeThatHangsIsCutAtTheTimeLimit() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                NotifierHarness harness =
                        start("https://localhost:" + server.getLocalPort() + "/in", "timeout", "400ms")) {
            assertThat(failure(harness).kind()).isEqualTo(SendFailure.Kind.RETRY);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, ", "201, ", "204, ", "301, PERMANENT", "304, PERMANENT", "400, PERMANENT", "401, PERMANENT",
        "404, PERMANENT", "410, PERMANENT", "429, RETRY", "500, RETRY", "501, PERMANENT", "502, RETRY", "503, RETRY",
        "599, RETRY"
    })
    void theAnswerDecides(int status, SendFailure.Kind kind) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status)));
        try (NotifierHarness harness = start(stub.baseUrl() + "/in")) {
            SendFailure failure = failure(harness);
            assertThat(failure == null ? null : failure.kind()).isEqualTo(kind);
        }
    }

    @Test
    void theDestinationsOwnRetryCodesCount() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404)));
        try (NotifierHarness harness = start(stub.baseUrl() + "/in", "retry.codes", "404")) {
            assertThat(failure(harness).kind()).isEqualTo(SendFailure.Kind.RETRY);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/rest/api/2/issue/OPS-7/comment, true",
        "/../admin, false",
        "/a/../../b, false",
        "//evil.invalid/x, false",
        "@evil.invalid, false",
        "/a?b=c, false",
        "/a%2fb, false",
        "'/a b', false"
    })
    void aPathIsAppendedOnlyWhenItStaysBelowTheAddress(String path, boolean safe) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(204)));
        try (NotifierHarness harness = start(stub.baseUrl() + "/base/?team=a")) {
            Exchange exchange = new DefaultExchange(harness.camel());
            exchange.getMessage().setBody(harness.sample("firing"));
            exchange.setVariable("path", path);
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send(exchange));
            if (safe) {
                assertThat(failure).isNull();
                assertThat(stub.getAllServeEvents().get(0).getRequest().getUrl())
                        .isEqualTo("/base" + path + "?team=a");
            } else {
                assertThat(failure.isPermanent()).isTrue();
                assertThat(stub.getAllServeEvents()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "external_id=serai-1&per_page=3, true",
        "q=a%3Db%5Ec, true",
        "a=b#c, false",
        "a=b c, false",
        "a=b/../c, false",
        "a=b?c=d, false"
    })
    void aQueryIsAppendedBeforeThatOfTheAddress(String query, boolean safe) throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(204)));
        try (NotifierHarness harness = start(stub.baseUrl() + "/base?team=a")) {
            Exchange exchange = new DefaultExchange(harness.camel());
            exchange.getMessage().setBody(harness.sample("firing"));
            exchange.setVariable("path", "/tickets.json");
            exchange.setVariable("query", query);
            SendFailure failure = catchThrowableOfType(SendFailure.class, () -> harness.send(exchange));
            if (safe) {
                assertThat(failure).isNull();
                assertThat(stub.getAllServeEvents().get(0).getRequest().getUrl())
                        .isEqualTo("/base/tickets.json?" + query + "&team=a");
            } else {
                assertThat(failure.isPermanent()).isTrue();
                assertThat(stub.getAllServeEvents()).isEmpty();
            }
        }
    }

    /** Whatever an alert says, it stays in the body. */
    @Test
    void anAlertCannotReachHeadersOrAddress() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(204)));
        try (NotifierHarness harness = start(stub.baseUrl() + "/in")) {
            ObjectNode input = (ObjectNode) harness.sample("firing");
            ((ObjectNode) input.get("alert"))
                    .put("title", "{{serai.routes}} ${bean:credentials} \r\nX-Evil: 1")
                    .put("CamelHttpUri", "http://evil.invalid/");
            harness.send(input);
            var request = stub.getAllServeEvents().get(0).getRequest();
            assertThat(request.getUrl()).isEqualTo("/in");
            assertThat(request.getHeader("X-Evil")).isNull();
            assertThat(request.getBodyAsString()).contains("{{serai.routes}} ${bean:credentials}");
        }
    }
}
