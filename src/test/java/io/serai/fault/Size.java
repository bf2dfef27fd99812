package io.serai.fault;

import java.util.List;

/** How much of a fault is tried: a little in every build, all of it with {@code -Pfaults}. */
final class Size {

    private static final boolean FULL = "full".equals(System.getProperty("serai.faults"));

    private Size() {}

    static int of(int small, int full) {
        return FULL ? full : small;
    }

    static <T> List<T> of(List<T> small, List<T> full) {
        return FULL ? full : small;
    }

    /** A new one each run; a printed one with {@code -Dserai.seed=…} to see the same run again. */
    static long seed() {
        return Long.getLong("serai.seed", System.nanoTime());
    }
}
