package io.serai.poll;

import io.serai.egress.ExchangeLimits;
import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * The bean {@code readingClient}: the HTTP client of polls, fetches and asks. The client's own retries are off: it would
 * sit out a {@code Retry-After} of minutes on the poll's thread; redirects and cookies are off: the token belongs to the
 * tenant. An answer must be whole within a minute and have at most 16 MB as unpacked (faults 22, 23).
 */
public final class ReadingClient implements HttpClientConfigurer {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int LARGEST = 16 << 20;

    private final ExchangeLimits limits;

    public ReadingClient() {
        this(LONGEST, LARGEST);
    }

    ReadingClient(Duration longest, int largest) {
        this.limits = new ExchangeLimits(longest, largest, ExchangeLimits.Longer.REFUSED);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .addExecInterceptorFirst("limits", limits);
    }
}
