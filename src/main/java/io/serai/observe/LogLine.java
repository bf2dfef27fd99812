package io.serai.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import io.serai.config.Redaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * One event as one line of {@code key=value} pairs, secrets replaced (P10). Control characters are escaped, so nothing that
 * a sender wrote begins a line of its own. Of a failure the classes and the place are written, not the message, which may
 * carry a part of a body.
 */
public final class LogLine extends EncoderBase<ILoggingEvent> {
    private static final int FRAMES = 4;

    @Override
    public byte[] headerBytes() {
        return null;
    }

    @Override
    public byte[] footerBytes() {
        return null;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(192);
        line.append("time=").append(Instant.ofEpochMilli(event.getTimeStamp()));
        line.append(" level=").append(event.getLevel().toString().toLowerCase(Locale.ROOT));
        pair(line, "logger", shortName(event.getLoggerName()));
        pair(line, "message", String.valueOf(event.getFormattedMessage()));
        for (Map.Entry<String, String> each : event.getMDCPropertyMap().entrySet()) {
            pair(line, each.getKey(), String.valueOf(each.getValue()));
        }
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair each : event.getKeyValuePairs()) {
                pair(line, each.key, String.valueOf(each.value));
            }
        }
        if (event.getThrowableProxy() != null) {
            pair(line, "failure", failure(event.getThrowableProxy()));
        }
        return (Redaction.redact(line.toString()) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String shortName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static String failure(IThrowableProxy thrown) {
        StringBuilder text = new StringBuilder();
        for (IThrowableProxy each = thrown; each != null; each = each.getCause()) {
            text.append(text.isEmpty() ? "" : " caused by ").append(each.getClassName());
            for (int i = 0; i < Math.min(FRAMES, each.getStackTraceElementProxyArray().length); i++) {
                text.append(' ').append(each.getStackTraceElementProxyArray()[i].getStackTraceElement());
            }
        }
        return text.toString();
    }

    /** The value is redacted before it is escaped: a secret with a quote in it looks different afterwards. */
    private static void pair(StringBuilder line, String key, String text) {
        String value = Redaction.redact(text);
        line.append(' ').append(key).append('=');
        if (!value.isEmpty() && value.chars().allMatch(LogLine::plain)) {
            line.append(value);
            return;
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c == '\n') {
                line.append("\\n");
            } else if (Character.isISOControl(c)
                    || c == '\u2028'
                    || c == '\u2029'
                    || (c >= '\u202a' && c <= '\u202e')) {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }

    private static boolean plain(int c) {
        return c > ' ' && c < 127 && c != '"' && c != '=' && c != '\\';
    }
}
