package io.serai.deliver;

/** Is told when a destination refuses us and when it takes deliveries again. Must not wait for anything. */
public interface PauseListener {
    /** Nobody listens. */
    PauseListener NOBODY = new PauseListener() {
        @Override
        public void paused(Destination destination, LaneState.Pause pause) {}

        @Override
        public void taken(Destination destination) {}
    };

    /** Once for each pause. */
    void paused(Destination destination, LaneState.Pause pause);

    /** At the first delivery that this node has brought, and at the end of each pause. */
    void taken(Destination destination);
}
