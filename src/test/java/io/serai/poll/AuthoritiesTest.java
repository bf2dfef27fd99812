package io.serai.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.serai.egress.EgressPolicy;
import io.serai.egress.GuardedHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** D24, fault 23: whom a poll believes. There is an authority of our own and no switch to believe everybody. */
class AuthoritiesTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        key("good");
        key("other");
    }

    private static void key(String name) throws IOException, InterruptedException {
        String keys = folder.resolve(name + ".p12").toString();
        keytool("-genkeypair -alias k -keyalg EC -dname CN=k -ext san=dns:localhost -storetype PKCS12", keys);
        keytool("-exportcert -rfc -alias k -file " + folder.resolve(name + ".pem"), keys);
    }

    private static void keytool(String arguments, String keys) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-keystore", keys, "-storepass", "changeit"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    /** Why the system could not be read; null when it was. */
    private static String failure(String host, String authority) throws Exception {
        WireMockServer server = new WireMockServer(WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .dynamicPort()
                .dynamicHttpsPort()
                .keystorePath(folder.resolve("good.p12").toString())
                .keystorePassword("changeit")
                .keyManagerPassword("changeit"));
        server.start();
        server.stubFor(any(anyUrl()).willReturn(okJson("{}")));
        CamelContext context = new DefaultCamelContext();
        try {
            GuardedHttp.bind(context, EgressPolicy.of(Map.of()));
            context.getRegistry().bind("readingClient", new ReadingClient());
            String ca = "";
            if (authority != null) {
                context.getRegistry()
                        .bind(
                                "ca",
                                Authorities.of(
                                        "ca-file", folder.resolve(authority).toString()));
                ca = "&sslContextParameters=#bean:ca";
            }
            context.start();
            Exchange exchange = context.createProducerTemplate()
                    .send(
                            "https://" + host + ":" + server.httpsPort()
                                    + "/?bridgeEndpoint=true&httpClientConfigurer=#bean:readingClient" + ca,
                            each -> each.getMessage().setBody(null));
            if (exchange.getException() == null) {
                assertThat(server.getAllServeEvents()).hasSize(1);
                return null;
            }
            assertThat(server.getAllServeEvents()).as("nothing was said").isEmpty();
            return ReadFailure.of(exchange.getException()).sentence();
        } finally {
            context.stop();
            server.stop();
        }
    }

    @Test
    void whomTheFileNamesIsBelievedUnderItsName() throws Exception {
        assertThat(failure("localhost", "good.pem")).isNull();
        assertThat(failure("127.0.0.1", "good.pem")).as("another name").contains("SSL");
        assertThat(failure("localhost", "other.pem")).as("another authority").contains("SSL");
        assertThat(failure("localhost", null)).as("no authority of ours").contains("SSL");
    }
}
