package io.serai.door.signature;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Reads the small documents of an identity service: no redirects, three seconds, 256 KB at most. */
public final class MetadataReader implements BearerTokens.Reader {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int MOST = 256 * 1024;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    @Override
    public byte[] read(URI address) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(LIMIT).build();
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] bytes = body.readNBytes(MOST + 1);
                if (answer.statusCode() != 200 || bytes.length > MOST) {
                    throw new IOException("answered " + answer.statusCode() + " with " + bytes.length + " bytes");
                }
                return bytes;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
