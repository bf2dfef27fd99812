package io.serai.notify;

import com.twilio.http.TwilioRestClient;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.twilio.TwilioComponent;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * The Twilio component of one destination: its own account, and the destination's time limits, proxy and authorities
 * instead of the SDK's.
 */
public final class TwilioAccount extends TwilioComponent {
    private String apiUrl = TwilioClient.PUBLIC_API;
    private HttpClientConfigurer client;

    /** Base address of the API, without a slash at the end. */
    public void setApiUrl(String apiUrl) {
        this.apiUrl = apiUrl.endsWith("/") ? apiUrl.substring(0, apiUrl.length() - 1) : apiUrl;
    }

    /** What makes the HTTP client of the destination. */
    public void setClient(HttpClientConfigurer client) {
        this.client = client;
    }

    @Override
    protected void doStart() throws Exception {
        HttpClientBuilder http = HttpClientBuilder.create();
        client.configureHttpClient(http);
        String user = getUsername() == null || getUsername().isBlank() ? getAccountSid() : getUsername();
        setRestClient(new TwilioRestClient.Builder(user, getPassword())
                .accountSid(getAccountSid())
                .httpClient(new TwilioClient(http, apiUrl))
                .build());
        super.doStart();
    }
}
