package io.serai.lint;

/**
 * Something that must be mended before the tree is used.
 *
 * @param file   as seen from the folder above {@code routes}
 * @param line   from 1; 0 when the whole file is meant
 * @param rule   stable name, for searching
 * @param reason what is wrong, and what it would do
 * @param remedy what to write instead
 */
public record Finding(String file, int line, String rule, String reason, String remedy) {

    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + rule + ": " + reason + ". " + remedy + ".";
    }
}
