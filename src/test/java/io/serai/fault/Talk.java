package io.serai.fault;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * What a monitoring system says in the long run: mostly new troubles, some said again, some over. Endless; the same seed
 * talks about the same things in the same order.
 */
final class Talk implements Iterable<Sender.Word> {

    /** How many words lie between a trouble and its end, so that requests under way at once do not overtake each other. */
    private static final int DISTANCE = 100;

    private final Random random;
    private final List<Sender.Word> open = new ArrayList<>();
    private final String name;
    private int words;

    Talk(String name, long seed) {
        this.name = name;
        random = new Random(seed);
    }

    @Override
    public Iterator<Sender.Word> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Sender.Word next() {
                words++;
                int kind = random.nextInt(10);
                if (kind < 3 && open.size() > DISTANCE) {
                    return Words.resolved(open.remove(0).subject());
                }
                if (kind < 5 && !open.isEmpty()) {
                    return open.get(open.size() - 1);
                }
                Sender.Word word = Words.firing(name + "-" + words);
                open.add(word);
                return word;
            }
        };
    }
}
