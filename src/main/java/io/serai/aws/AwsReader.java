package io.serai.aws;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads an address of AWS: no redirects, three seconds and 64 KB at most. Whoever calls has checked the address. */
final class AwsReader implements SnsMessages.Reader {
    static final int LONGEST = 64 * 1024;
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final HttpClient client;

    AwsReader() {
        this(HttpClient.newBuilder());
    }

    /** @param builder with the authorities that are trusted, when they are not those of Java */
    AwsReader(HttpClient.Builder builder) {
        client = builder.followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(LIMIT)
                .build();
    }

    @Override
    public byte[] read(URI address) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(LIMIT).build();
        Future<byte[]> answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .thenApplyAsync(AwsReader::body);
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no usable answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    private static byte[] body(HttpResponse<InputStream> answer) {
        try (InputStream body = answer.body()) {
            byte[] bytes = body.readNBytes(LONGEST + 1);
            if (answer.statusCode() != 200 || bytes.length > LONGEST) {
                throw new IllegalStateException("not 200, or too long");
            }
            return bytes;
        } catch (IOException e) {
            throw new IllegalStateException("cut off", e);
        }
    }
}
