package io.serai.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import javax.net.SocketFactory;

/**
 * Makes sockets that connect to no address that the policy refuses and last for a limited time, for clients that do not
 * speak HTTP.
 */
public final class GuardedSockets extends SocketFactory {
    private final EgressPolicy policy;
    private final Duration longest;

    /** @param longest after which a connection is cut, whatever still comes on it (fault 22) */
    public GuardedSockets(EgressPolicy policy, Duration longest) {
        this.policy = policy;
        this.longest = longest;
    }

    /** @throws AddressRefused when the policy refuses it */
    static void check(EgressPolicy policy, String host, InetAddress address) throws AddressRefused {
        String refused = policy.refusal(host, address).orElse(null);
        if (refused != null) {
            throw new AddressRefused(refused);
        }
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public void connect(SocketAddress to) throws IOException {
                connect(to, 0);
            }

            @Override
            public void connect(SocketAddress to, int timeout) throws IOException {
                // Looked up already: this object holds the address that is connected to.
                if (to instanceof InetSocketAddress place && !place.isUnresolved()) {
                    check(policy, place.getHostString(), place.getAddress());
                }
                super.connect(to, timeout);
                Deadlines.cut(this, longest);
            }
        };
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        return connected(new InetSocketAddress(address, port), null);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress from, int fromPort) throws IOException {
        return connected(new InetSocketAddress(address, port), new InetSocketAddress(from, fromPort));
    }

    private Socket connected(SocketAddress to, SocketAddress from) throws IOException {
        Socket socket = createSocket();
        socket.bind(from);
        socket.connect(to);
        return socket;
    }
}
