package io.serai.cli;

/** Makes text from outside safe to print on a terminal: what would move the cursor, colour or reorder is written as an escape. */
final class Visible {
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

    /** Directions of writing, line separators, and halves of characters. */
    private static boolean moves(int c) {
        return (c >= 0x200e && c <= 0x200f)
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0xfeff
                || (c >= 0xd800 && c <= 0xdfff);
    }
}
