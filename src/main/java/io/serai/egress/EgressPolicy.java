package io.serai.egress;

import io.serai.config.ConfigurationError;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which addresses a connection may go to (fault 57). Asked for the address that is really used, when the connection is
 * made: a name that was looked up earlier may lead elsewhere by then. What no system that is told or asked stands at is
 * refused always; the internal networks only with {@code serai.egress.internal=false}, because many systems stand there.
 */
public final class EgressPolicy {
    private static final String INTERNAL = "serai.egress.internal";
    private static final String ALLOW = "serai.egress.allow";

    private static final List<Range> ALWAYS = List.of(
            new Range("no address of a host", "0.0.0.0/8", "::/128", "192.0.0.0/24", "240.0.0.0/4", "2001::/32"),
            new Range("link-local, where clouds keep their credentials", "169.254.0.0/16", "fe80::/10"),
            new Range("a cloud's own service", "168.63.129.16", "100.100.100.200", "fd00:ec2::254"),
            new Range("multicast", "224.0.0.0/4", "ff00::/8"));
    private static final List<Range> INSIDE = List.of(
            new Range("loopback", "127.0.0.0/8", "::1"),
            new Range(
                    "an internal network",
                    "10.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "100.64.0.0/10",
                    "198.18.0.0/15",
                    "fc00::/7",
                    "fec0::/10"));
    /** IPv6 networks that carry an IPv4 address, and where in it: RFC 4291 2.5.5.1, RFC 6052, RFC 8215, RFC 3056. */
    private static final Map<Network, Integer> CARRIERS = Map.of(
            network("::/96"), 12, network("64:ff9b::/96"), 12, network("64:ff9b:1::/48"), 12, network("2002::/16"), 2);

    private final boolean internal;
    private final List<Network> networks;
    private final Set<String> hosts;

    private record Range(String what, List<Network> networks) {
        Range(String what, String... networks) {
            this(what, Arrays.stream(networks).map(EgressPolicy::network).toList());
        }

        boolean contains(byte[] address) {
            return networks.stream().anyMatch(each -> each.contains(address));
        }
    }

    private EgressPolicy(boolean internal, List<Network> networks, Set<String> hosts) {
        this.internal = internal;
        this.networks = networks;
        this.hosts = hosts;
    }

    /**
     * @param settings {@code serai.egress.internal} and {@code serai.egress.allow}, with their defaults where they are absent
     * @throws ConfigurationError for a part of the latter that is neither a host nor a network
     */
    public static EgressPolicy of(Map<String, String> settings) {
        List<Network> networks = new ArrayList<>();
        Set<String> hosts = new HashSet<>();
        for (String each : settings.getOrDefault(ALLOW, "").split(",")) {
            String word = each.strip();
            Optional<Network> network = Network.of(word);
            if (network.isPresent()) {
                networks.add(network.get());
            } else if (word.matches("[A-Za-z0-9._-]+") && !Numbers.numeric(word)) {
                hosts.add(name(word));
            } else if (!word.isEmpty()) {
                throw new ConfigurationError(
                        ALLOW,
                        "has a part that is neither a host nor a network",
                        "Write esb.shop.example or 10.1.0.0/16");
            }
        }
        return new EgressPolicy(Boolean.parseBoolean(settings.getOrDefault(INTERNAL, "true")), networks, hosts);
    }

    private static Network network(String text) {
        return Network.of(text).orElseThrow();
    }

    private static String name(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /**
     * @param host    as the connection was asked for; a name in {@code serai.egress.allow} opens internal networks, and
     *     nothing that is always refused: whoever owns a name decides where it leads
     * @param address that the connection is about to be made to
     * @return why it is refused, as the end of a sentence; empty when it is not
     */
    public Optional<String> refusal(String host, InetAddress address) {
        return refusal(hosts.contains(name(host)), address.getAddress());
    }

    private Optional<String> refusal(boolean named, byte[] address) {
        if (networks.stream().anyMatch(each -> each.contains(address))) {
            return Optional.empty();
        }
        Optional<String> always = what(ALWAYS, address);
        if (always.isPresent()) {
            return always;
        }
        if (INSIDE.stream().anyMatch(each -> each.contains(address))) {
            return internal || named ? Optional.empty() : what(INSIDE, address);
        }
        return CARRIERS.entrySet().stream()
                .filter(each -> each.getKey().contains(address))
                .findFirst()
                .flatMap(each -> refusal(named, Arrays.copyOfRange(address, each.getValue(), each.getValue() + 4)));
    }

    private static Optional<String> what(List<Range> ranges, byte[] address) {
        return ranges.stream()
                .filter(each -> each.contains(address))
                .map(Range::what)
                .findFirst();
    }
}
