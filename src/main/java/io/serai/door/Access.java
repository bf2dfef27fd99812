package io.serai.door;

/** Who may use a path. What is not named public needs a credential. */
public sealed interface Access {
    /** Health only. */
    record Open() implements Access {}

    /** A sender of the named provider. */
    record Ingest(String provider) implements Access {}

    /** A sender of any provider; the scope is checked again once the provider is known. */
    record IngestAny() implements Access {}

    /** A holder of {@code read}, {@code operate} or {@code admin}. */
    record Scope(String name) implements Access {}
}
