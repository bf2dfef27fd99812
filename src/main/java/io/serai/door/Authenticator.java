package io.serai.door;

/** Decides who sent a request. */
public interface Authenticator {
    /**
     * @return who sent it; for a public path the anonymous principal
     * @throws Refusal 401 without a valid credential, 403 when the credential lacks the scope
     */
    Principal authenticate(Arrival arrival, Access access);
}
