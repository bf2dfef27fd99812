package io.serai.egress;

import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpConnectionFactory;

/** Bounds on the head of an answer. Without them the client keeps whatever comes until there is no memory (fault 23). */
public final class Heads {
    private static final int LINE = 64 * 1024;
    private static final int LINES = 200;

    private Heads() {}

    /** Makes connections that are cut at a line of more than 64 KB, or at more than 200 header lines. */
    public static HttpConnectionFactory<ManagedHttpClientConnection> bounded() {
        return ManagedHttpClientConnectionFactory.builder()
                .http1Config(Http1Config.custom()
                        .setMaxLineLength(LINE)
                        .setMaxHeaderCount(LINES)
                        .build())
                .build();
    }
}
