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
 * The SMTP server of one destination: one connection per mail, its time limits, and TLS with the server's
 * name checked. The account is here and not in the endpoint's address, so that no log shows it.
 */
public final class MailAccount extends DefaultJavaMailSender {
    private final String key;
    private OutboundClient outbound;
    private String hostSetting = "host";
    private String portSetting = "port";
    private String protocolSetting = "protocol";
    private String starttlsSetting = "starttls";
    private String userSetting = "username";
    private String passwordSetting = "password";

    /** @param destination whose server this is; configuration errors name its settings */
    public MailAccount(String destination) {
        this.key = "serai.destination." + destination + ".";
    }

    /** What holds the destination's settings, time limits, proxy and authorities. */
    public void setOutbound(OutboundClient outbound) {
        this.outbound = outbound;
    }

    /** Name of the setting with the server's name or address. */
    public void setHostSetting(String setting) {
        hostSetting = setting;
    }

    /** Name of the setting with its port. */
    public void setPortSetting(String setting) {
        portSetting = setting;
    }

    /** Name of the setting with {@code smtp} or {@code smtps}. */
    public void setProtocolSetting(String setting) {
        protocolSetting = setting;
    }

    /** Name of the setting with {@code required}, {@code opportunistic} or {@code none}; without effect for smtps. */
    public void setStarttlsSetting(String setting) {
        starttlsSetting = setting;
    }

    /** Name of the setting with the user. */
    public void setUserSetting(String setting) {
        userSetting = setting;
    }

    /** Name of the setting with the password. */
    public void setPasswordSetting(String setting) {
        passwordSetting = setting;
    }

    /** @throws ConfigurationError when the host is none, or only one of user and password is there */
    public void check() {
        setHost(outbound.option(hostSetting));
        setPort(Integer.parseInt(outbound.option(portSetting)));
        setProtocol(outbound.option(protocolSetting));
        String starttls = outbound.option(starttlsSetting);
        WebAddress.hostProblem(getHost(), outbound.policy()).ifPresent(problem -> {
            throw new ConfigurationError(key + hostSetting, problem, "Write the server's name, or its address");
        });
        String name = outbound.option(userSetting);
        String password = outbound.option(passwordSetting);
        boolean user = !name.isBlank();
        if (user == password.isBlank()) {
            throw new ConfigurationError(
                    key + userSetting, "user and password belong together", "Set both or none of them");
        }
        if (user) {
            setUsername(name);
            setPassword(password);
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
}
