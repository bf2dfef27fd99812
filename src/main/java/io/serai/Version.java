package io.serai;

/** Which Serai this is. */
final class Version {
    private Version() {}

    /** As the JAR says; {@code development} where it was not run from one. */
    static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
