package io.serai.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.config.ConfigurationError;
import io.serai.deliver.NotifierHarness;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 57: addresses that stop the start, of a destination and of a provider alike. */
class WebAddressTest {
    private static final ProviderCatalog CATALOG = ProviderCatalog.load(NotifierHarness.ROUTES);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "jdbc:sqlite:/tmp/x",
                "ftp://shop.example/",
                "gopher://shop.example/",
                "direct:alert-record",
                "https:/shop.example/",
                "https://",
                "//shop.example/",
                "http:shop.example",
                "http://user@shop.example/",
                "http://user:word@shop.example/",
                "http://shop.example@169.254.169.254/",
                "http://169.254.169.254\\@shop.example/",
                "http://shop.example:99999/",
                "http://shop.example:80:80/",
                "http://shop.example /",
                "http://shop.example/\r\nX-Evil: 1",
                // Loopback and metadata in other figures.
                "http://2130706433/",
                "http://2852039166/",
                "http://0x7f000001/",
                "http://0x7f.1/",
                "http://0177.0.0.1/",
                "http://0251.0376.0251.0376/",
                "http://127.1/",
                "http://127.0.1/",
                "http://127.0.0.01/",
                "http://0/",
                "http://0.0.0.0/",
                "http://256.1.1.1/",
                "http://1.2.3.4.5/",
                "http://169.254.169.254./",
                // Figures and names in other letters.
                "http://\uFF11\uFF12\uFF17.0.0.1/",
                "http://\u2460\u2461\u2466.\u24EA.\u24EA.\u2460/",
                "http://sh\u043Ep.example/",
                "http://shop\u3002example/",
                "http://169.254.169.254/latest/meta-data/",
                "http://[::]/",
                "http://[::ffff:169.254.169.254]/",
                "http://[::ffff:a9fe:a9fe]/",
                "http://[fe80::1]/",
                "http://[fe80::1%25eth0]/",
                "http://[fd00:ec2::254]/",
                "http://224.0.0.1/",
                "http://255.255.255.255/"
            })
    void stopsTheStart(String address) {
        assertThatThrownBy(() ->
                        NotifierHarness.start("webhook", Map.of("url", address)).close())
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.destination.probe.url: ");
        assertThatThrownBy(() -> provider(address))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.provider.grafana.api-url: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example",
                "HTTPS://Shop.Example:8443/in",
                "http://localhost.:8080/",
                "http://127.0.0.1:9093",
                "http://10.1.2.3/alerts",
                "http://[::1]:9093/",
                "https://xn--shp-7na.example/",
                "https://alert_manager.shop.example/",
                "https://7f.example/"
            })
    void isTaken(String address) {
        assertThat(WebAddress.problem(address, EgressPolicy.of(Map.of()))).isEmpty();
        provider(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://shop.example/?a=b", "https://shop.example/#a"})
    void aProvidersHasNoQuery(String address) {
        assertThat(WebAddress.problem(address, EgressPolicy.of(Map.of()))).isEmpty();
        assertThatThrownBy(() -> provider(address)).hasMessageContaining("has a query or a fragment");
    }

    private static void provider(String address) {
        assertThat(new ProviderSettings(Map.of("serai.provider.grafana.api-url", address), CATALOG)
                        .value("grafana", "default", "api-url"))
                .contains(address);
    }
}
