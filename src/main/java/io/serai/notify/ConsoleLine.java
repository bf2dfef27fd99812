package io.serai.notify;

import io.serai.deliver.SendFailure;
import java.io.PrintStream;
import org.apache.camel.Body;

/** The bean {@code consoleLine}: one line of text on standard output. */
public final class ConsoleLine {
    private final PrintStream out;

    public ConsoleLine(PrintStream out) {
        this.out = out;
    }

    /**
     * Control characters, line separators and direction marks are shown as {@code \\uXXXX}: an alert must neither start a
     * line of its own nor speak to the terminal.
     *
     * @throws SendFailure when standard output is closed
     */
    public void print(@Body String line) throws SendFailure {
        StringBuilder safe = new StringBuilder(line.length());
        line.codePoints().forEach(each -> {
            if (hidden(each)) {
                safe.append(String.format("\\u%04x", each));
            } else {
                safe.appendCodePoint(each);
            }
        });
        out.println(safe);
        if (out.checkError()) {
            throw new SendFailure(SendFailure.Kind.RETRY, 0, "standard output is closed", null);
        }
    }

    private static boolean hidden(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
