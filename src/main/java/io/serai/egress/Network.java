package io.serai.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Some leading bits of an IPv4 or IPv6 address: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address alone. */
record Network(byte[] first, int bits) {
    private static final Pattern FORM = Pattern.compile("([0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)(?:/(\\d{1,3}))?");
    private static final int BYTE = 8;

    /** Empty for what is no address or network written in figures; nothing is looked up. */
    static Optional<Network> of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || !(form.group(1).contains(":") || Numbers.dotted(form.group(1)))) {
            return Optional.empty();
        }
        try {
            byte[] first = InetAddress.getByName(form.group(1)).getAddress();
            int bits = form.group(2) == null ? first.length * BYTE : Integer.parseInt(form.group(2));
            return bits <= first.length * BYTE ? Optional.of(new Network(first, bits)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean contains(byte[] address) {
        if (address.length != first.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> i % BYTE;
            if (((address[i / BYTE] ^ first[i / BYTE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network that && bits == that.bits && Arrays.equals(first, that.first);
    }

    @Override
    public int hashCode() {
        return 31 * bits + Arrays.hashCode(first);
    }

    @Override
    public String toString() {
        return Arrays.toString(first) + "/" + bits;
    }
}
