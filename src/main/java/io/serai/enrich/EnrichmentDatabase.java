package io.serai.enrich;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.serai.config.ConfigurationError;
import java.time.Duration;

/** Opens the operator's database for lookups, bean {@code enrichment}: read only, few connections, short waits. */
public final class EnrichmentDatabase {
    private static final int CONNECTIONS = 4;

    private EnrichmentDatabase() {}

    /**
     * A database that is down does not hold up the start: lookups say that it does not answer until it does.
     *
     * @param url      {@code serai.enrich.url}, a JDBC address of PostgreSQL or SQLite
     * @param user     {@code serai.enrich.user}; empty for none
     * @param password {@code serai.enrich.password}; empty for none
     * @param timeout  how long an alert waits for a connection, and for an answer
     * @throws ConfigurationError when no driver knows the address
     */
    public static HikariDataSource open(String url, String user, String password, Duration timeout) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("enrichment");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setReadOnly(!url.startsWith("jdbc:sqlite:"));
        config.setConnectionTimeout(Math.max(timeout.toMillis(), 250));
        config.setInitializationFailTimeout(-1);
        if (!user.isEmpty()) {
            config.setUsername(user);
            config.setPassword(password);
        }
        if (url.startsWith("jdbc:postgresql:")) {
            // The statement's own limit needs a server that answers; this one does not.
            config.addDataSourceProperty("socketTimeout", String.valueOf(timeout.toSeconds() + 1));
        }
        try {
            config.setJdbcUrl(url);
            return new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new ConfigurationError(
                    "serai.enrich.url",
                    "no driver knows this address",
                    "Write jdbc:postgresql://host/database or jdbc:sqlite:file");
        }
    }
}
