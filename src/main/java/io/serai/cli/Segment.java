package io.serai.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** One argument as one part of a path, so that a slash or a question mark in it stays what it is. */
final class Segment {
    private Segment() {}

    static String of(String argument) {
        return URLEncoder.encode(argument, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
