package io.serai.lint;

import io.serai.golden.Folder;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who sends to an address does so with its own headers only, and to that address only: without {@code bridgeEndpoint} a
 * header, and so a sender's request line, chooses the host (traps T1 and T4).
 */
final class HttpProducers implements Rule {
    private static final List<String> HTTP = List.of("http", "https", "vertx-http", "netty-http");

    @Override
    public void check(Tree tree, Consumer<Finding> findings) {
        for (YamlFile file : tree.all()) {
            List<Element> elements = Element.of(file);
            for (Endpoint endpoint : Endpoint.of(file)) {
                if (!endpoint.consumer() && Schemes.of(tree, endpoint).stream().anyMatch(HTTP::contains)) {
                    check(tree, endpoint, elements, findings);
                }
            }
        }
    }

    private static void check(Tree tree, Endpoint endpoint, List<Element> elements, Consumer<Finding> findings) {
        boolean notifier = tree.folder(endpoint.file())
                .filter(folder -> folder.kind() == Folder.Kind.NOTIFIER)
                .isPresent();
        if (notifier) {
            findings.accept(endpoint.finding(
                    "http",
                    "a notifier does not send by itself",
                    "Use kamelet:serai-http-sink, which judges the answer too"));
            return;
        }
        if (!endpoint.set("bridgeEndpoint", "true")) {
            findings.accept(endpoint.finding(
                    "http", "without bridgeEndpoint a header chooses the host", "Set bridgeEndpoint: true"));
        }
        boolean limited = endpoint.parameters().containsKey("responseTimeout")
                && endpoint.parameters().containsKey("connectTimeout");
        if (!limited && !endpoint.parameters().containsKey("httpClientConfigurer")) {
            findings.accept(endpoint.finding(
                    "http-limit",
                    "without limits of its own a request may take three minutes, and holds a thread so long",
                    "Set connectTimeout and responseTimeout"));
        }
        // A reader that asks for a path of its own sets it as a control header, after it has removed all headers.
        boolean reader = elements.stream()
                .anyMatch(each -> "removeHeaders".equals(each.name()) && "*".equals(each.text("pattern")));
        boolean sink = endpoint.file().baseName().equals(Schemes.HTTP_SINK);
        if (!endpoint.set("skipControlHeaders", "true") && (sink || !reader)) {
            findings.accept(endpoint.finding(
                    "http",
                    "control headers of the message change method, path and query",
                    "Set skipControlHeaders: true" + (sink ? "" : ", or removeHeaders \"*\" before")));
        }
    }
}
