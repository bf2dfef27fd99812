package io.serai.egress;

import java.net.UnknownHostException;
import java.util.Optional;

/** No connection was made, because the policy refuses the address that the host has now. */
public final class AddressRefused extends UnknownHostException {
    private static final long serialVersionUID = 1;

    /** The one among a failure's causes; empty when it failed for another reason. */
    public static Optional<AddressRefused> among(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof AddressRefused refused) {
                return Optional.of(refused);
            }
        }
        return Optional.empty();
    }

    AddressRefused(String what) {
        super("the host's address is refused: it is " + what + " (serai.egress)");
    }
}
