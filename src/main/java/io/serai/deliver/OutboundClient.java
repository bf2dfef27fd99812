package io.serai.deliver;

import io.serai.config.ConfigurationError;
import io.serai.egress.EgressPolicy;
import io.serai.egress.EgressResolver;
import io.serai.egress.ExchangeLimits;
import io.serai.egress.Heads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The bean {@code http-<destination>}: the HTTP client of one destination, with its time limits, proxy (G12) and trusted
 * authorities (D24). Connections go where the policy lets them (fault 57). Nothing is followed, repeated, remembered or unpacked behind our back: redirects, the client's own
 * retries, cookies and compression are off.
 */
public final class OutboundClient implements HttpClientConfigurer, AutoCloseable {
    /** A key or an id is to be read from an answer, not a document. */
    static final int ANSWER = 64 * 1024;

    private static final int REQUESTS = 5;
    private static final Timeout LEASE = Timeout.ofSeconds(1);
    private static final TimeValue IDLE = TimeValue.ofSeconds(30);

    private static final String USER_AGENT = userAgent();

    private final Destination destination;
    private final EgressPolicy policy;
    private final ExchangeLimits limits;

    public OutboundClient(Destination destination, EgressPolicy policy) {
        this.destination = destination;
        this.policy = policy;
        this.limits = new ExchangeLimits(destination.network().timeout(), ANSWER, ExchangeLimits.Longer.CUT);
    }

    /** @throws ConfigurationError when the CA file holds no certificate */
    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        Destination.Network network = destination.network();
        Timeout timeout = Timeout.of(network.timeout());
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(destination.concurrency())
                .setMaxConnPerRoute(destination.concurrency())
                .setDnsResolver(new EgressResolver(policy))
                .setConnectionFactory(Heads.bounded())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(network.connectTimeout()))
                        .setSocketTimeout(timeout)
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build());
        if (network.caFile() != null) {
            connections.setTlsSocketStrategy(
                    ClientTlsStrategyBuilder.create().setSslContext(trustOnly()).buildClassic());
        }
        client.setConnectionManager(connections.build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(LEASE)
                        .setResponseTimeout(timeout)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .evictIdleConnections(IDLE)
                .setUserAgent(USER_AGENT)
                .addExecInterceptorFirst("limits", limits)
                .addExecInterceptorFirst("path", new AppendedPath());
        if (network.proxy() != null) {
            proxy(client, network.proxy());
        }
    }

    private static void proxy(HttpClientBuilder client, Destination.Proxy proxy) {
        HttpHost host = new HttpHost(proxy.protocol(), proxy.host(), proxy.port());
        client.setProxy(host);
        if (proxy.user() != null) {
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            credentials.setCredentials(
                    new AuthScope(host),
                    new UsernamePasswordCredentials(
                            proxy.user(), proxy.password().toCharArray()));
            client.setDefaultCredentialsProvider(credentials);
        }
    }

    /**
     * How long a conversation of several requests and answers may take, as one by SMTP: longer than a single request, but
     * over before the send is given up and could be made again.
     */
    public Duration conversation() {
        Duration timeout = destination.network().timeout();
        Duration most = destination.breaker().timeout().minus(timeout);
        Duration usual = timeout.multipliedBy(REQUESTS);
        Duration limit = usual.compareTo(most) < 0 ? usual : most;
        return limit.compareTo(timeout) < 0 ? timeout : limit;
    }

    /** Where connections may go. */
    public EgressPolicy policy() {
        return policy;
    }

    /** The destination's time limits, proxy and authorities, for a notifier that does not speak HTTP. */
    public Destination.Network network() {
        return destination.network();
    }

    /** A setting of the destination, secret or not; empty when it is not set. */
    public String option(String setting) {
        return destination.options().getOrDefault(setting, "");
    }

    /**
     * Trusts the authorities of the destination's CA file and nobody else.
     *
     * @throws ConfigurationError when the file holds no certificate
     */
    public SSLContext trustOnly() {
        try (InputStream file = Files.newInputStream(destination.network().caFile())) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                store.setCertificateEntry("ca-" + number++, each);
            }
            if (number > 0) {
                return SSLContexts.custom().loadTrustMaterial(store, null).build();
            }
        } catch (IOException | GeneralSecurityException e) {
            // refused below: the reason is the same to the operator
        }
        throw new ConfigurationError(
                "serai.destination." + destination.name() + ".ca-file",
                "holds no certificate",
                "Give a PEM file with the certificates of your authority");
    }

    private static String userAgent() {
        String version = OutboundClient.class.getPackage().getImplementationVersion();
        return version == null ? "Serai" : "Serai/" + version;
    }

    /** Cuts the requests that run, so that a target that hangs does not keep us from stopping (P8). */
    @Override
    public void close() {
        limits.close();
    }
}
