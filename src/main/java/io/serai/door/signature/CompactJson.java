package io.serai.door.signature;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A body written again the way Python's {@code json.dumps(body, separators=(",", ":"))} does: for senders that sign
 * re-serialised JSON instead of their bytes (O13). Keys keep their order, a repeated key keeps its first place and its
 * last value, everything outside printable ASCII is escaped in UTF-16 units, whole numbers keep every digit and other
 * numbers are the shortest text of the nearest double.
 */
public final class CompactJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int DOUBLE_DIGITS = 17;

    private CompactJson() {}

    /** ASCII bytes; empty when the body is not one JSON value. */
    public static Optional<byte[]> of(byte[] body) {
        try (JsonParser parser = JSON.createParser(body)) {
            parser.nextToken();
            Object value = read(parser);
            if (parser.nextToken() != null) {
                return Optional.empty();
            }
            StringBuilder out = new StringBuilder(body.length + 16);
            write(value, out);
            return Optional.of(out.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    private static Object read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("no JSON value");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> new Literal(new BigInteger(parser.getText()).toString());
            case VALUE_NUMBER_FLOAT -> new Literal(number(Double.parseDouble(parser.getText())));
            default -> new Literal(parser.getText());
        };
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            members.put(key, read(parser));
        }
        return members;
    }

    private static List<Object> array(JsonParser parser) throws IOException {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(read(parser));
        }
        return elements;
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> members) {
            String separator = "{";
            for (Map.Entry<?, ?> member : members.entrySet()) {
                out.append(separator);
                text((String) member.getKey(), out);
                write(member.getValue(), out.append(':'));
                separator = ",";
            }
            out.append(members.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> elements) {
            String separator = "[";
            for (Object element : elements) {
                write(element, out.append(separator));
                separator = ",";
            }
            out.append(elements.isEmpty() ? "[]" : "]");
        } else if (value instanceof Literal literal) {
            out.append(literal.text());
        } else {
            text((String) value, out);
        }
    }

    private static void text(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c >= ' ' && c <= '~') {
                        out.append(c);
                    } else {
                        out.append(String.format("\\u%04x", (int) c));
                    }
                }
            }
        }
        out.append('"');
    }

    /** Python's {@code repr} of a double: as few digits as name it, an exponent below 1e-4 and from 1e16 on. */
    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        String sign = 1 / value < 0 || value < 0 ? "-" : "";
        if (value == 0) {
            return sign + "0.0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return sign + (plain.contains(".") ? plain : plain + ".0");
        }
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return sign + mantissa + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < DOUBLE_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(DOUBLE_DIGITS, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
    }

    /** Anything that is written without quotes: a number, true, false, null. */
    private record Literal(String text) {}
}
