package io.serai.notify;

import io.serai.config.ConfigurationError;
import java.util.Properties;
import org.apache.camel.component.mail.DefaultJavaMailSender;

/**
 * The SMTP server of one {@code email} destination: one connection per mail, its time limits, and TLS with the server's
 * name checked. The account is here and not in the endpoint's address, so that no log shows it.
 */
public final class MailAccount extends DefaultJavaMailSender {
    private final String key;
    private String starttls = "required";
    private int timeout = 10_000;

    /** @param destination whose server this is; configuration errors name its settings */
    public MailAccount(String destination) {
        this.key = "serai.destination." + destination + ".";
    }

    /** {@code required}, {@code opportunistic} or {@code none}; without effect for smtps. */
    public void setStarttls(String starttls) {
        this.starttls = starttls;
    }

    /** Milliseconds to connect, to read each answer and to write each part. */
    public void setTimeout(int millis) {
        timeout = millis;
    }

    /** @throws ConfigurationError when only one of user and password is there */
    public void check() {
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
        settings.setProperty(prefix + "connectiontimeout", Integer.toString(timeout));
        settings.setProperty(prefix + "timeout", Integer.toString(timeout));
        settings.setProperty(prefix + "writetimeout", Integer.toString(timeout));
        settings.setProperty(prefix + "starttls.enable", Boolean.toString(!"none".equals(starttls)));
        settings.setProperty(prefix + "starttls.required", Boolean.toString("required".equals(starttls)));
        settings.setProperty(prefix + "ssl.checkserveridentity", "true");
        // The recipients that the server takes get the mail although it refuses another one.
        settings.setProperty(prefix + "sendpartial", "true");
        settings.setProperty(prefix + "quitwait", "false");
        setJavaMailProperties(settings);
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
