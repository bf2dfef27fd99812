package io.serai.cli;

/** The exit codes of every command. They do not change: scripts rely on them. */
public final class Exit {
    public static final int OK = 0;
    /** The command ran and what it was to do failed. */
    public static final int FAILED = 1;
    /** Wrong arguments. */
    public static final int USAGE = 2;
    /** A setting is wrong or missing; one line says which and what to do. */
    public static final int CONFIGURATION = 3;
    /** The server or the ledger does not answer. */
    public static final int UNREACHABLE = 4;
    /** There is no such alert, receipt, delivery, key, provider or destination. */
    public static final int NOT_FOUND = 5;
    /** The server refused the key, or the key lacks the scope. */
    public static final int REFUSED = 6;

    private Exit() {}
}
