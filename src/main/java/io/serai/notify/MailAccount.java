package io.serai.notify;

import io.serai.config.ConfigurationError;
import io.serai.deliver.Destination;
import io.serai.deliver.OutboundClient;
import io.serai.egress.GuardedSockets;
import io.serai.egress.GuardedTls;
import io.serai.egress.WebAddress;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.apache.camel.component.mail.DefaultJavaMailSender;

/**
 * The SMTP server of one {@code email} destination: one connection per mail, its time limits, and TLS with the server's
 * name checked. The account is here and not in the endpoint's address, so that no log shows it.
 */
public final class MailAccount extends DefaultJavaMailSender {
    private final String key;
    private String starttls = "required";
    private OutboundClient outbound;

    /** @param destination whose server this is; configuration errors name its settings */
    public MailAccount(String destination) {
        this.key = "serai.destination." + destination + ".";
    }

    /** {@code required}, {@code opportunistic} or {@code none}; without effect for smtps. */
    public void setStarttls(String starttls) {
        this.starttls = starttls;
    }

    /** What holds the destination's time limits, proxy and authorities. */
    public void setOutbound(OutboundClient outbound) {
        this.outbound = outbound;
    }

    /** @throws ConfigurationError when the host is none, or only one of user and password is there */
    public void check() {
        WebAddress.hostProblem(getHost(), outbound.policy()).ifPresent(problem -> {
            throw new ConfigurationError(key + "host", problem, "Write the server's name, or its address");
        });
        boolean user = !isBlank(getUsername());
        if (user == isBlank(getPassword())) {
            throw new ConfigurationError(
                    key + "username", "user and password belong together", "Set both or none of them");
        }
        if (!user) {
            setUsername(null);
            setPassword(null);
        }
        String prefix = "mail." + getProtocol() + ".";
        Properties settings = new Properties();
        settings.setProperty(prefix + "auth", Boolean.toString(user));
        Destination.Network network = outbound.network();
        String timeout = Long.toString(network.timeout().toMillis());
        settings.setProperty(
                prefix + "connectiontimeout",
                Long.toString(network.connectTimeout().toMillis()));
        settings.setProperty(prefix + "timeout", timeout);
        settings.setProperty(prefix + "writetimeout", timeout);
        settings.setProperty(prefix + "starttls.enable", Boolean.toString(!"none".equals(starttls)));
        settings.setProperty(prefix + "starttls.required", Boolean.toString("required".equals(starttls)));
        settings.setProperty(prefix + "ssl.checkserveridentity", "true");
        // The recipients that the server takes get the mail although it refuses another one.
        settings.setProperty(prefix + "sendpartial", "true");
        settings.setProperty(prefix + "quitwait", "false");
        settings.put(prefix + "socketFactory", new GuardedSockets(outbound.policy(), outbound.conversation()));
        settings.put(
                prefix + "ssl.socketFactory", new GuardedTls(tls(network), outbound.policy(), outbound.conversation()));
        // Else what a factory refuses would be tried without it.
        settings.setProperty(prefix + "socketFactory.fallback", "false");
        if (network.proxy() != null) {
            proxy(settings, prefix + "proxy.", network.proxy());
        }
        setJavaMailProperties(settings);
    }

    private SSLSocketFactory tls(Destination.Network network) {
        return network.caFile() == null
                ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                : outbound.trustOnly().getSocketFactory();
    }

    // An HTTP proxy that lets mail through: CONNECT, RFC 9110 9.3.6.
    private static void proxy(Properties settings, String prefix, Destination.Proxy proxy) {
        settings.setProperty(prefix + "host", proxy.host());
        settings.setProperty(prefix + "port", Integer.toString(proxy.port()));
        if (proxy.user() != null) {
            settings.setProperty(prefix + "user", proxy.user());
            settings.setProperty(prefix + "password", proxy.password());
        }
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
