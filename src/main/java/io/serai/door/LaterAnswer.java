package io.serai.door;

import java.util.concurrent.CompletionStage;

/**
 * The body of a message whose route is done before its sender can be answered: the door writes the answer when it is there.
 *
 * @param answer completed exceptionally with a {@link Refusal} when the sender is to be refused
 */
public record LaterAnswer(CompletionStage<Answer> answer) {}
