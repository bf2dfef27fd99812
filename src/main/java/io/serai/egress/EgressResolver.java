package io.serai.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Looks hosts up for the HTTP clients, which connect to the very addresses that it gives: there is no second look-up that
 * could lead elsewhere (DNS rebinding, fault 24). Hosts in figures come through here too.
 */
public final class EgressResolver implements DnsResolver {
    private final EgressPolicy policy;
    private final DnsResolver names;

    public EgressResolver(EgressPolicy policy) {
        this(policy, SystemDefaultDnsResolver.INSTANCE);
    }

    EgressResolver(EgressPolicy policy, DnsResolver names) {
        this.policy = policy;
        this.names = names;
    }

    /** @throws AddressRefused when none of the host's addresses may be connected to */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        List<InetAddress> allowed = new ArrayList<>();
        Optional<String> refusal = Optional.empty();
        for (InetAddress each : names.resolve(host)) {
            Optional<String> refused = policy.refusal(host, each);
            if (refused.isEmpty()) {
                allowed.add(each);
            } else {
                refusal = refused;
            }
        }
        if (allowed.isEmpty() && refusal.isPresent()) {
            throw new AddressRefused(refusal.get());
        }
        return allowed.toArray(new InetAddress[0]);
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }
}
