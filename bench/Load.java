import java.util.List;

/**
 * @param alerts in one request
 * @param unique true when no two alerts are the same; false when all requests are
 */
record Load(int alerts, boolean unique) {

    static final List<String> ALL = List.of("1u", "1r", "100u", "100r");

    /** {@code 1u}, {@code 1r}, {@code 100u}, {@code 100r}. */
    static Load of(String word) {
        return new Load(Integer.parseInt(word.substring(0, word.length() - 1)), word.endsWith("u"));
    }

    @Override
    public String toString() {
        return alerts + (alerts == 1 ? " alert" : " alerts") + " a request, " + (unique ? "unique" : "repeated");
    }
}
