package io.serai.record;

import java.util.Locale;

/** How a receipt came in. The code is what the ledger stores. */
public enum Source {
    PUSH(1),
    POLL(2),
    /** Full details read back after a push that carried only an identity (claim check, D11). */
    FETCH(3),
    /** An operator's replay of an earlier receipt. */
    REPLAY(4);

    private final int code;

    Source(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for a code that no release has written */
    public static Source ofCode(int code) {
        for (Source source : values()) {
            if (source.code == code) {
                return source;
            }
        }
        throw new IllegalArgumentException("source code " + code);
    }
}
