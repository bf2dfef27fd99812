package io.serai.door;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accepts connections, up to a limit: one more is cut before anything is made of it. Cut later, when its own event loop looks at
 * it, a burst would have taken the files of the whole process by then, and whatever needs one then fails (fault 71).
 */
final class DoorSocket extends NioServerSocketChannel {
    private final int limit;
    private final AtomicInteger open = new AtomicInteger();

    /** @param limit connections open at a time */
    DoorSocket(int limit) {
        this.limit = limit;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int read = super.doReadMessages(accepted);
        if (read > 0) {
            admit(accepted);
        }
        return read;
    }

    private void admit(List<Object> accepted) {
        int newest = accepted.size() - 1;
        Channel connection = (Channel) accepted.get(newest);
        if (open.get() < limit) {
            open.incrementAndGet();
            connection.closeFuture().addListener(closed -> open.decrementAndGet());
        } else {
            accepted.remove(newest);
            connection.unsafe().closeForcibly();
        }
    }
}
