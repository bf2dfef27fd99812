package io.serai.egress;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.serai.Hub;
import io.serai.deliver.NotifierHarness;
import io.serai.deliver.SendFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 24 and 57: the address is judged when the connection is made, for everything that connects. */
class ConnectionTest {
    private static final String REFUSED = "the host's address is refused: it is loopback (serai.egress)";

    @RegisterExtension
    private final WireMockExtension stub = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort())
            .build();

    @TempDir
    private Path folder;

    private SendFailure failure(String notifier, Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("serai.egress.internal", "false");
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(201).withBody("{\"sid\":\"SM1\"}")));
        try (NotifierHarness harness = NotifierHarness.start(notifier, all)) {
            return catchThrowableOfType(SendFailure.class, () -> harness.send("firing"));
        }
    }

    private String url(String host) {
        return "http://" + host + ":" + stub.getPort() + "/in";
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST"})
    void aNameThatLeadsInsideIsRefused(String host) throws Exception {
        SendFailure failure = failure("webhook", Map.of("url", url(host)));

        assertThat(failure.getMessage()).isEqualTo(REFUSED);
        assertThat(failure.kind()).as("a name may lead elsewhere tomorrow").isEqualTo(SendFailure.Kind.RETRY);
        assertThat(stub.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.0.0.0/8"})
    void whatTheOperatorAllowsIsNot(String allow) throws Exception {
        assertThat(failure("webhook", Map.of("url", url("localhost"), "serai.egress.allow", allow)))
                .isNull();
        assertThat(stub.getAllServeEvents()).hasSize(1);
    }

    @Test
    void anAddressInFiguresStopsTheStart() {
        assertThatThrownBy(() -> failure("webhook", Map.of("url", url("127.0.0.1"))))
                .hasMessage("serai.destination.probe.url: leads to an address that is loopback (serai.egress)."
                        + " Write https://host/path.");
        assertThatThrownBy(() -> failure("webhook", Map.of("url", "http://shop.example/", "proxy.host", "127.0.0.1")))
                .hasMessageStartingWith("serai.destination.probe.proxy.host: leads to an address that is loopback");
    }

    @Test
    void aProxyInsideIsRefusedToo() throws Exception {
        SendFailure failure = failure(
                "webhook",
                Map.of(
                        "url",
                        "http://shop.example/",
                        "proxy.host",
                        "localhost",
                        "proxy.port",
                        Integer.toString(stub.getPort())));

        assertThat(failure.getMessage()).isEqualTo(REFUSED);
        assertThat(stub.getAllServeEvents()).isEmpty();
    }

    @Test
    void anSmsGoesThroughTheSamePolicy() throws Exception {
        Map<String, String> settings = Map.of(
                "account-sid", "AC00000000000000000000000000000000",
                "auth-token", "not-a-token",
                "from", "+15005550006",
                "to", "+4917012341234",
                "api-url", "http://localhost:" + stub.getPort());
        assertThat(failure("twilio", settings).getMessage()).isEqualTo(REFUSED);
        assertThat(stub.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp", "smtps"})
    void aMailServerGoesThroughTheSamePolicy(String protocol) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            Map<String, String> settings = new HashMap<>(Map.of(
                    "host", "localhost",
                    "port", Integer.toString(server.getLocalPort()),
                    "protocol", protocol,
                    "starttls", "none",
                    "from", "serai@shop.example",
                    "to", "oncall@shop.example"));

            SendFailure failure = failure("email", settings);
            assertThat(failure.getMessage()).isEqualTo(REFUSED);
            assertThat(failure.kind()).isEqualTo(SendFailure.Kind.RETRY);

            settings.put("host", "127.0.0.1");
            assertThatThrownBy(() -> failure("email", settings))
                    .hasStackTraceContaining("serai.destination.probe.host: leads to an address that is loopback");
            assertThat(said(server))
                    .as("a connection may be made for TLS, but nothing is said on it")
                    .isEmpty();
        }
    }

    private static List<Integer> said(ServerSocket server) throws IOException {
        List<Integer> first = new ArrayList<>();
        server.setSoTimeout(1);
        try {
            while (true) {
                try (Socket connection = server.accept()) {
                    int read = connection.getInputStream().read();
                    if (read >= 0) {
                        first.add(read);
                    }
                }
            }
        } catch (SocketTimeoutException e) {
            return first;
        }
    }

    /** A name that led to a good address a moment ago, and leads inside now. */
    @Test
    void aSecondLookUpLeadsNowhereElse() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse().withHeader("Connection", "close")));
        Deque<String> answers = new ArrayDeque<>(List.of("127.0.0.1", "127.0.0.2", "169.254.169.254"));
        EgressPolicy policy =
                EgressPolicy.of(Map.of("serai.egress.internal", "false", "serai.egress.allow", "127.0.0.1"));
        DnsResolver rebinding = new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return new InetAddress[] {InetAddress.getByName(answers.remove())};
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
        try (CloseableHttpClient client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new EgressResolver(policy, rebinding))
                        .build())
                .disableAutomaticRetries()
                .build()) {
            HttpGet request = new HttpGet("http://rebind.example:" + stub.getPort() + "/");

            assertThat(client.<Integer>execute(request, answer -> answer.getCode()))
                    .isEqualTo(200);
            assertThatThrownBy(() -> client.execute(request, answer -> answer.getCode()))
                    .isInstanceOf(AddressRefused.class)
                    .hasMessage(REFUSED);
            assertThatThrownBy(() -> client.execute(request, answer -> answer.getCode()))
                    .isInstanceOf(AddressRefused.class)
                    .hasMessageContaining("link-local");
            assertThat(stub.getAllServeEvents()).hasSize(1);
        }
    }

    /** What is asked and polled uses Camel's component, which is ours in a whole Serai. */
    @Test
    void aSystemThatIsAskedGoesThroughTheSamePolicy() throws Exception {
        stub.stubFor(any(anyUrl()).willReturn(aResponse()));
        Map<String, String> settings = Map.of(
                "serai.egress.internal", "false",
                "serai.egress.hosts", "localhost",
                "serai.provider.overwatch.api-url", "http://localhost:" + stub.getPort(),
                "serai.provider.overwatch.api-key", "ow-key");
        try (Hub hub = new Hub(folder, settings)) {
            String asked = hub.post("/api/providers/overwatch/check", "{}", "X-API-KEY", hub.operatorKey())
                    .body();
            assertThat(asked).contains("\"ok\":false", REFUSED);

            String tried = hub.post(
                            "/api/integrations/overwatch/test",
                            "{\"api_url\":\"http://localhost:" + stub.getPort() + "\",\"api_key\":\"k\"}",
                            "X-API-KEY",
                            hub.operatorKey())
                    .body();
            assertThat(tried).contains(REFUSED);
            String figures = hub.post(
                            "/api/integrations/overwatch/test",
                            "{\"api_url\":\"http://2130706433:" + stub.getPort() + "\",\"api_key\":\"k\"}",
                            "X-API-KEY",
                            hub.operatorKey())
                    .body();
            assertThat(figures).contains("has a host in figures that programs read differently");
            assertThat(stub.getAllServeEvents()).isEmpty();
        }
    }
}
