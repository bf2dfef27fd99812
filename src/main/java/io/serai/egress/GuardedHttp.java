package io.serai.egress;

import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.config.Registry;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;

/**
 * The components {@code http} and {@code https} of every route, which connect to no address that the policy refuses, and
 * read no head without end.
 */
public final class GuardedHttp extends HttpComponent {
    private final EgressResolver resolver;

    private GuardedHttp(EgressPolicy policy) {
        this.resolver = new EgressResolver(policy);
    }

    /** Puts them in place of Camel's own. Before the first endpoint is made. */
    public static void bind(CamelContext context, EgressPolicy policy) {
        context.addComponent("http", new GuardedHttp(policy));
        context.addComponent("https", new GuardedHttp(policy));
    }

    // Camel 4.17 has no option for the resolver; its own method is this one without it.
    @Override
    @SuppressWarnings("deprecation")
    protected HttpClientConnectionManager createConnectionManager(
            Registry<org.apache.hc.client5.http.socket.ConnectionSocketFactory> registry,
            int maxTotalConnections,
            int connectionsPerRoute,
            SocketConfig socketConfig) {
        PoolingHttpClientConnectionManager connections = new PoolingHttpClientConnectionManager(
                registry,
                PoolConcurrencyPolicy.STRICT,
                PoolReusePolicy.LIFO,
                TimeValue.ofMilliseconds(getConnectionTimeToLive()),
                null,
                resolver,
                Heads.bounded());
        connections.setDefaultSocketConfig(socketConfig);
        connections.setMaxTotal(maxTotalConnections > 0 ? maxTotalConnections : getMaxTotalConnections());
        connections.setDefaultMaxPerRoute(connectionsPerRoute > 0 ? connectionsPerRoute : getConnectionsPerRoute());
        return connections;
    }
}
