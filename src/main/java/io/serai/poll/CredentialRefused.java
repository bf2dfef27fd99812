package io.serai.poll;

/** The system refuses the credential in an answer that is HTTP 200: JSON-RPC and GraphQL do. */
public final class CredentialRefused extends RuntimeException {
    public CredentialRefused(String message) {
        super(message, null, false, false);
    }
}
