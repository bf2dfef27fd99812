package io.serai.record;

/**
 * A held lease.
 *
 * @param token grows with every change of owner: what an older owner still writes under its token is refused
 * @param until when it ends unless renewed, milliseconds since 1970
 */
public record Lease(String name, String owner, long token, long until) {}
