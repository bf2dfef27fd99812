package io.serai.door;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a request's head alone decides: whether its body is read at all. */
final class Admission {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,12}");
    private static final String USUAL_TYPE = "application/json";
    private static final String CHARSET = "charset=";

    private final DoorTable table;
    private final int maxBody;

    /** @param maxBody bytes */
    Admission(DoorTable table, int maxBody) {
        this.table = table;
        this.maxBody = maxBody;
    }

    /** @throws Refusal when no body of it would be taken */
    DoorTable.Entry admit(HttpServerRequest request) {
        if (!request.uri().startsWith("/")) {
            // An absolute target would decide where a producer sends to (T1).
            throw new Refusal(ErrorCode.VALIDATION_ERROR, "The request target must start with a slash.");
        }
        DoorTable.Entry entry = table.find(request.method().name(), request.path());
        MultiMap headers = request.headers();
        String encoding = headers.get("content-encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Compressed bodies are not taken.");
        }
        String type = headers.get("content-type");
        if (type != null && !type.equals(USUAL_TYPE)) {
            checkType(type.toLowerCase(Locale.ROOT));
        }
        String length = headers.get("content-length");
        if (length != null && (!LENGTH.matcher(length).matches() || Long.parseLong(length) > maxBody)) {
            throw tooLarge();
        }
        return entry;
    }

    private static void checkType(String type) {
        if (type.startsWith("multipart/")) {
            throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Multipart bodies are not taken.");
        }
        int at = type.indexOf(CHARSET);
        if (at >= 0) {
            int end = type.indexOf(';', at);
            String charset = type.substring(at + CHARSET.length(), end < 0 ? type.length() : end)
                    .replace('"', ' ')
                    .trim();
            if (!known(charset)) {
                throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The charset of the content type is not known.");
            }
        }
    }

    private static boolean known(String charset) {
        try {
            return Charset.isSupported(charset);
        } catch (IllegalArgumentException illegal) {
            return false;
        }
    }

    static boolean hasBody(HttpServerRequest request) {
        return request.headers().contains("content-length") || request.headers().contains("transfer-encoding");
    }

    Refusal tooLarge() {
        return new Refusal(ErrorCode.TOO_LARGE, "The body is larger than " + maxBody + " bytes.");
    }
}
