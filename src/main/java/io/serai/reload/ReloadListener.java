package io.serai.reload;

/** Is told how edits of the configuration end. Must be quick and not throw. */
public interface ReloadListener {
    /** Once for each distinct edit. */
    void refused(ReloadState state);

    /** What lies on the disk runs: a good edit was taken, or the refused one was taken back. */
    void inForce(ReloadState state);
}
