package io.serai.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.http.HttpClient;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import java.util.Arrays;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * The SDK's HTTP client with another address, and without its hidden repetitions: it would send a text message up to four
 * times when Twilio answers 5xx, and the ledger would know of one.
 */
final class TwilioClient extends HttpClient {
    static final String PUBLIC_API = "https://api.twilio.com";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final NetworkHttpClient network;
    private final String apiUrl;

    TwilioClient(HttpClientBuilder http, String apiUrl) {
        this.network = new NetworkHttpClient(http);
        this.apiUrl = apiUrl;
    }

    @Override
    public Response reliableRequest(Request request, int[] retryCodes, int retries, long delayMillis) {
        return makeRequest(request);
    }

    /** @throws TwilioRefusal for every answer but 2xx */
    @Override
    public Response makeRequest(Request request) {
        Response response = network.makeRequest(at(request));
        int status = response.getStatusCode();
        if (status >= 200 && status <= 299) {
            return response;
        }
        String retryAfter = Arrays.stream(response.getHeaders())
                .filter(each -> each.getName().equalsIgnoreCase("Retry-After"))
                .map(org.apache.hc.core5.http.Header::getValue)
                .findFirst()
                .orElse(null);
        throw new TwilioRefusal(status, code(response.getContent()), retryAfter);
    }

    private Request at(Request request) {
        if (apiUrl.equals(PUBLIC_API) || !request.getUrl().startsWith(PUBLIC_API)) {
            return request;
        }
        Request moved =
                new Request(request.getMethod(), apiUrl + request.getUrl().substring(PUBLIC_API.length()));
        moved.setAuth(request.getUsername(), request.getPassword());
        moved.setContentType(request.getContentType());
        moved.setUserAgentExtensions(request.getUserAgentExtensions());
        request.getHeaderParams().forEach((name, values) -> values.forEach(each -> moved.addHeaderParam(name, each)));
        request.getPostParams().forEach((name, values) -> values.forEach(each -> moved.addPostParam(name, each)));
        request.getQueryParams().forEach((name, values) -> values.forEach(each -> moved.addQueryParam(name, each)));
        return moved;
    }

    private static int code(String body) {
        try {
            JsonNode answer = JSON.readTree(body == null ? "" : body);
            return answer.path("code").asInt(0);
        } catch (JsonProcessingException e) {
            // A gateway's own page: the HTTP status says enough.
            return 0;
        }
    }
}
