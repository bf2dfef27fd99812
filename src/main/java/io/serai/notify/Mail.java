package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.config.ConfigurationError;
import io.serai.deliver.OutboundClient;
import io.serai.deliver.SendFailure;
import io.serai.egress.AddressRefused;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/** Makes the mails of one destination and says what a server's refusal means. */
public final class Mail {
    private static final String UTF_8 = StandardCharsets.UTF_8.name();
    private static final Session SESSION = Session.getInstance(new Properties());
    // "535 5.7.8 …" of a refused login, "…, response: 554" of a refused connection: Angus keeps these codes in words
    // only.
    private static final Pattern CODE = Pattern.compile("^([45]\\d\\d)\\b|response: ([45]\\d\\d)");

    /** Of the login and of TLS (RFC 4954 6, RFC 3207 4): no mail of ours would be taken. */
    private static final Set<Integer> LOGIN = Set.of(530, 534, 535, 538);

    private final String key;
    private OutboundClient outbound;
    private String fromSetting = "from";
    private String toSetting = "to";
    private InternetAddress from;
    private InternetAddress[] to;

    /** @param destination whose mails these are; configuration errors name its settings */
    public Mail(String destination) {
        this.key = "serai.destination." + destination + ".";
    }

    /** What holds the destination's settings. */
    public void setOutbound(OutboundClient outbound) {
        this.outbound = outbound;
    }

    /** Name of the setting with the sender's address. */
    public void setFrom(String setting) {
        fromSetting = setting;
    }

    /** Name of the setting with the recipients' addresses, separated by commas. */
    public void setTo(String setting) {
        toSetting = setting;
    }

    /** @throws ConfigurationError unless these are addresses */
    public void check() {
        from = addresses(fromSetting, outbound.option(fromSetting))[0];
        to = addresses(toSetting, outbound.option(toSetting));
    }

    private InternetAddress[] addresses(String setting, String text) {
        try {
            InternetAddress[] parsed = InternetAddress.parse(text, true);
            for (InternetAddress each : parsed) {
                each.validate();
                if (each.getAddress().indexOf('@') < 0) {
                    throw new AddressException("no domain");
                }
            }
            if (parsed.length > 0) {
                return parsed;
            }
        } catch (AddressException e) {
            // refused below, without repeating what was written there
        }
        throw new ConfigurationError(key + setting, "is no mail address", "Write it like Serai <serai@shop.example>");
    }

    /**
     * One mail with a text and an HTML form (RFC 2046 5.1.4). The ids are made of our own hex digits and numbers; the
     * subject is one encoded line: nothing of a sender can end a header.
     *
     * @param mail {@code {"id", "thread": id of the mail that it follows or null, "subject", "text", "html"}}
     */
    public MimeMessage compose(JsonNode mail) throws MessagingException {
        MimeMessage message = new MimeMessage(SESSION);
        message.setFrom(from);
        message.setRecipients(Message.RecipientType.TO, to);
        message.setSubject(mail.get("subject").asText().replaceAll("\\p{Cc}", " "), UTF_8);
        message.setHeader("Message-ID", id(mail.get("id")));
        if (mail.hasNonNull("thread")) {
            message.setHeader("In-Reply-To", id(mail.get("thread")));
            message.setHeader("References", id(mail.get("thread")));
        }
        // RFC 3834: holiday replies are not wanted.
        message.setHeader("Auto-Submitted", "auto-generated");
        MimeBodyPart text = new MimeBodyPart();
        text.setText(mail.get("text").asText(), UTF_8);
        MimeBodyPart html = new MimeBodyPart();
        html.setText(mail.get("html").asText(), UTF_8, "html");
        message.setContent(new MimeMultipart("alternative", text, html));
        return message;
    }

    private String id(JsonNode local) {
        String address = from.getAddress();
        return "<serai." + local.asText().replaceAll("[^0-9A-Za-z.]", "") + "@"
                + address.substring(address.lastIndexOf('@') + 1) + ">";
    }

    /**
     * 4xx and everything without an answer may be tried again, 5xx is final (RFC 5321 4.2.1, fault 28). Of several
     * recipients one 4xx is enough to try again. A 5xx to the connection or the login is about us and no single mail.
     *
     * @throws SendFailure always; the server's own words may repeat an address or the mail, so only codes are told
     */
    public void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause) throws SendFailure {
        List<Integer> codes = new ArrayList<>();
        int accepted = 0;
        AddressRefused refused = null;
        int login = 0;
        for (Throwable each = cause; each != null; each = next(each)) {
            refused = AddressRefused.among(each).orElse(refused);
            int code = code(each);
            if (code > 0) {
                codes.add(code);
            }
            login = refusesUs(each, code) ? code : login;
            if (each instanceof SendFailedException failure) {
                accepted = Math.max(accepted, count(failure.getValidSentAddresses()));
            }
        }
        if (codes.isEmpty()) {
            String why = refused == null
                    ? "no answer from the mail server, or a broken one ("
                            + cause.getClass().getSimpleName() + ")"
                    : refused.getMessage();
            throw new SendFailure(SendFailure.Kind.RETRY, 0, why, null);
        }
        if (login > 0) {
            throw new SendFailure(
                    SendFailure.Kind.REFUSED,
                    login,
                    "answered " + login + " to the connection or the login; it takes no mail from us",
                    null);
        }
        int code = codes.stream().filter(each -> each < 500).findFirst().orElse(codes.get(0));
        throw new SendFailure(
                code < 500 ? SendFailure.Kind.RETRY : SendFailure.Kind.PERMANENT,
                code,
                "the mail server answered " + code + "; " + accepted + " of " + to.length + " recipients accepted",
                null);
    }

    private static boolean refusesUs(Throwable failure, int code) {
        return LOGIN.contains(code)
                || code >= 500
                        && !(failure instanceof SendFailedException)
                        && String.valueOf(failure.getMessage()).contains("response: " + code);
    }

    private static Throwable next(Throwable failure) {
        return failure instanceof MessagingException mail ? mail.getNextException() : failure.getCause();
    }

    private static int count(Address[] addresses) {
        return addresses == null ? 0 : addresses.length;
    }

    private static int code(Throwable failure) {
        if (failure instanceof SMTPAddressFailedException address) {
            return address.getReturnCode();
        }
        if (failure instanceof SMTPSenderFailedException sender) {
            return sender.getReturnCode();
        }
        // Over several recipients this one repeats the answer of the last: theirs follow it in the chain.
        if (failure instanceof SMTPSendFailedException send && send.getReturnCode() >= 400) {
            return send.getReturnCode();
        }
        Matcher code = CODE.matcher(String.valueOf(failure.getMessage()));
        if (!(failure instanceof MessagingException) || failure instanceof SendFailedException || !code.find()) {
            return 0;
        }
        return Integer.parseInt(code.group(1) == null ? code.group(2) : code.group(1));
    }
}
