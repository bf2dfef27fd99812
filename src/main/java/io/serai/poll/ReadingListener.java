package io.serai.poll;

/** Is told how each reading of a system that cannot push ended, by the node that read it. */
public interface ReadingListener {
    /** @param again true when operators were told that it failed */
    void read(String provider, String instance, boolean again);

    /**
     * @param problem why, in our words
     * @param tell    true when operators are to be told of it: once, until it is read again
     */
    void failed(String provider, String instance, String problem, boolean tell);
}
