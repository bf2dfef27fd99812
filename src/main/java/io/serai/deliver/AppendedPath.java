package io.serai.deliver;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;

/** Appends the path of a single request, which has to stay below the destination's own address. */
final class AppendedPath implements ExecChainHandler {
    /** Request header with the path, and query, to append; it never leaves. */
    static final String PATH = "Serai-Path";

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Header header = request.getFirstHeader(PATH);
        if (header != null) {
            request.removeHeaders(PATH);
            request.setPath(appended(request.getPath(), header.getValue()));
        }
        return chain.proceed(request, scope);
    }

    private static String appended(String base, String more) {
        int query = base.indexOf('?');
        String stem = query < 0 ? base : base.substring(0, query);
        String tail = query < 0 ? "" : base.substring(query);
        String joined = more.contains("?") ? tail.replace('?', '&') : tail;
        return (stem.endsWith("/") ? stem.substring(0, stem.length() - 1) : stem) + more + joined;
    }
}
