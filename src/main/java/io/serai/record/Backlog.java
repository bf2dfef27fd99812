package io.serai.record;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What waits for the ledger's writers, all together, and how much may. */
final class Backlog {
    private final int capacity;
    private final long bytesCapacity;
    private final AtomicInteger receipts = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Backlog(int capacity, long bytesCapacity) {
        this.capacity = capacity;
        this.bytesCapacity = bytesCapacity;
    }

    /** False when there is no room for it; then it was not counted. */
    boolean enter(Entry entry) {
        long now = bytes.addAndGet(entry.size);
        // One that is larger than everything allowed still goes in when it is alone.
        boolean fits = now <= bytesCapacity || now == entry.size;
        if (receipts.incrementAndGet() <= capacity && fits) {
            return true;
        }
        leave(1, entry.size);
        return false;
    }

    void leave(int count, long size) {
        receipts.addAndGet(-count);
        bytes.addAndGet(-size);
    }

    int receipts() {
        return receipts.get();
    }

    int capacity() {
        return capacity;
    }
}
