package io.serai.record;

import java.util.Locale;

/** Where a delivery stands. The code is what the ledger stores and never changes. */
public enum DeliveryState {
    PENDING(1, true),
    DELIVERED(2, false),
    RETRYING(3, true),
    DEAD(4, false),
    SUPERSEDED(5, false);

    private final int code;
    private final boolean open;

    DeliveryState(int code, boolean open) {
        this.code = code;
        this.open = open;
    }

    public int code() {
        return code;
    }

    /** True while an attempt is still owed. */
    public boolean open() {
        return open;
    }

    /** The word used in JSON and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for a code that no release has written */
    public static DeliveryState ofCode(int code) {
        for (DeliveryState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        throw new IllegalArgumentException("delivery state code " + code);
    }
}
