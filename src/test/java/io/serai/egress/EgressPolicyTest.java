package io.serai.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.config.ConfigurationError;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 57: which addresses a connection may go to. */
class EgressPolicyTest {
    private static final EgressPolicy USUAL = EgressPolicy.of(Map.of());
    private static final EgressPolicy STRICT = EgressPolicy.of(Map.of("serai.egress.internal", "false"));

    private static boolean refuses(EgressPolicy policy, String host, String address) throws Exception {
        return policy.refusal(host, InetAddress.getByName(address)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "169.254.169.254",
                "169.254.0.1",
                "192.0.0.192",
                "168.63.129.16",
                "100.100.100.200",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "fe80::1",
                "fd00:ec2::254",
                "ff02::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                // The same in the coats that IPv6 has for IPv4.
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "::ffff:0.0.0.0"
            })
    void whereNobodyStandsIsRefusedAlways(String address) throws Exception {
        assertThat(refuses(USUAL, "any.example", address)).isTrue();
        assertThat(refuses(STRICT, "any.example", address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.9.10",
                "10.0.0.1",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "198.18.0.1",
                "::1",
                "fd12:3456::1",
                "fc00::1",
                "fec0::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::a00:1",
                "2002:c0a8:101::1"
            })
    void anInternalAddressIsRefusedWhenThatIsAskedFor(String address) throws Exception {
        assertThat(refuses(USUAL, "any.example", address)).isFalse();
        assertThat(refuses(STRICT, "any.example", address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "11.0.0.1",
                "9.255.255.255",
                "172.15.0.1",
                "172.32.0.1",
                "192.167.1.1",
                "100.63.0.1",
                "100.128.0.1",
                "169.253.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "64:ff9b::101:101",
                "2002:101:101::1"
            })
    void anAddressOfTheWorldIsNot(String address) throws Exception {
        assertThat(refuses(USUAL, "any.example", address)).isFalse();
        assertThat(refuses(STRICT, "any.example", address)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "esb.shop.example, 10.9.9.9, false",
        "ESB.Shop.Example., 127.0.0.1, false",
        "other.example, 10.9.9.9, true",
        "other.example, 10.1.2.3, false",
        "other.example, fd00:7::5, false",
        "other.example, 192.168.7.7, false",
        "other.example, 192.168.7.8, true",
        // A name does not open what nobody stands at; a network that is written down does.
        "esb.shop.example, 169.254.169.254, true",
        "other.example, 169.254.7.1, false"
    })
    void hostsAndNetworksCanBeAllowed(String host, String address, boolean refused) throws Exception {
        EgressPolicy policy = EgressPolicy.of(Map.of(
                "serai.egress.internal", "false",
                "serai.egress.allow", "esb.shop.example, 10.1.0.0/16,fd00:7::/32,192.168.7.7,169.254.7.0/24"));
        assertThat(refuses(policy, host, address)).isEqualTo(refused);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "10.1/16", "fe80::/129", "https://esb.example", "a b", "0x7f.1", "*.example"})
    void whatIsNeitherHostNorNetworkStopsTheStart(String allow) {
        assertThatThrownBy(() -> EgressPolicy.of(Map.of("serai.egress.allow", allow)))
                .isInstanceOf(ConfigurationError.class)
                .hasMessageStartingWith("serai.egress.allow: has a part that is neither a host nor a network");
    }
}
