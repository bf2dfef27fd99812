package io.serai;

import java.util.function.Function;

/** What runs now. */
interface Current {
    /** Works with it; it stays until the work is done, also when it is replaced meanwhile. */
    <R> R with(Function<Generation, R> work);
}
