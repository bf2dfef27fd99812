package io.serai.cli;

/** Makes text from outside safe to print on a terminal: what would move the cursor, colour or reorder is written as an escape. */
final class Visible {
    private static final int NON_JOINER = 0x200c;
    private static final int JOINER = 0x200d;

    private Visible() {}

    static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                visible.append("\\n");
            } else if (c == '\t') {
                visible.append("\\t");
            } else if (Character.isISOControl(c) || moves(c)) {
                visible.append(String.format("\\u%04x", c));
            } else {
                visible.appendCodePoint(c);
            }
        });
        return visible.toString();
    }

    /** The same for a line of JSON, which says the same afterwards: only escapes are written, and of texts only. */
    static String json(String line) {
        StringBuilder visible = new StringBuilder(line.length());
        line.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || moves(c)) {
                for (char half : Character.toChars(c)) {
                    visible.append(String.format("\\u%04x", (int) half));
                }
            } else {
                visible.appendCodePoint(c);
            }
        });
        return visible.toString();
    }

    /** What has no shape of its own: directions of writing, separators, halves of characters. A joiner only joins. */
    private static boolean moves(int c) {
        int type = Character.getType(c);
        return type == Character.FORMAT && c != NON_JOINER && c != JOINER
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}
