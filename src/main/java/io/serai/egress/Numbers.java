package io.serai.egress;

import java.util.regex.Pattern;

/** Hosts that are written in figures. */
final class Numbers {
    private static final String PART = "(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])";
    private static final Pattern DOTTED = Pattern.compile(PART + "(?:\\." + PART + "){3}");
    private static final Pattern NUMBER = Pattern.compile("\\d+|0[xX][0-9a-fA-F]*");

    private Numbers() {}

    /** Four decimal numbers without leading zeros, the one form that all programs read alike. */
    static boolean dotted(String host) {
        return DOTTED.matcher(host).matches();
    }

    /**
     * True for what some program reads as a number, as the URL Standard has it: the last label is one. {@code 2130706433},
     * {@code 0x7f.1}, {@code 0177.0.0.1} and {@code 127.1} are all loopback to some of them.
     */
    static boolean numeric(String host) {
        String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return NUMBER.matcher(bare.substring(bare.lastIndexOf('.') + 1)).matches();
    }
}
