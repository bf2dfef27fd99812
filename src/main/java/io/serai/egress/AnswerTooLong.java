package io.serai.egress;

import java.io.IOException;

/** An answer was not read to its end, because it is longer than anything that we would use. */
public final class AnswerTooLong extends IOException {
    private static final long serialVersionUID = 1;

    AnswerTooLong(int largest) {
        super("the answer is longer than " + (largest >> 20) + " MB");
    }
}
