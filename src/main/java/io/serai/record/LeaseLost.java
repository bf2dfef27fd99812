package io.serai.record;

/** Another owner took the lease in the meantime: nothing was written under the old token. */
public final class LeaseLost extends RuntimeException {
    LeaseLost(String name) {
        super("the lease " + name + " has passed to another node", null, false, false);
    }
}
