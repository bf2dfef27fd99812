package io.serai.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS over a connection that exists. Angus Mail connects a plain socket of its own where TLS begins with the first byte, and
 * asks its factory for no other; so the address is checked here, before anything is said.
 */
public final class GuardedTls extends SSLSocketFactory {
    private final SSLSocketFactory tls;
    private final EgressPolicy policy;
    private final Duration longest;
    private final GuardedSockets plain;

    /** @param longest after which a connection is cut, whatever still comes on it (fault 22) */
    public GuardedTls(SSLSocketFactory tls, EgressPolicy policy, Duration longest) {
        this.tls = tls;
        this.policy = policy;
        this.longest = longest;
        this.plain = new GuardedSockets(policy, longest);
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
        try {
            GuardedSockets.check(policy, host, connected.getInetAddress());
        } catch (AddressRefused e) {
            connected.close();
            throw e;
        }
        Deadlines.cut(connected, longest);
        return tls.createSocket(connected, host, port, autoClose);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return tls.createSocket(plain.createSocket(host, port), host, port, true);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        return tls.createSocket(plain.createSocket(host, port, from, fromPort), host, port, true);
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        return tls.createSocket(plain.createSocket(address, port), address.getHostAddress(), port, true);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress from, int fromPort) throws IOException {
        return tls.createSocket(
                plain.createSocket(address, port, from, fromPort), address.getHostAddress(), port, true);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }
}
