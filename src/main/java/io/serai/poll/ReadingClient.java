package io.serai.poll;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * The bean {@code readingClient}: the HTTP client of polls and fetches. The client's own retries are off: it would sit out
 * a {@code Retry-After} of minutes on the poll's thread; redirects and cookies are off: the token belongs to the tenant.
 */
public final class ReadingClient implements HttpClientConfigurer {
    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries().disableRedirectHandling().disableCookieManagement();
    }
}
