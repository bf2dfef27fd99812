package io.serai.record;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** What a settle reads and changes, in the manner of one store, within one transaction. */
interface SettleSql {
    /** Takes the receipts out of lane ROUTE; answers those that were still in it. */
    Set<Long> take(Collection<Long> receipts) throws SQLException;

    /** The incident of each alert that has one. */
    Map<Long, Long> incidentsOf(Collection<Long> alerts) throws SQLException;

    /** The incidents with one of these numbers, and the open ones with one of these keys. */
    List<Incident> incidents(Collection<Long> ids, Collection<String> keys) throws SQLException;

    /** The newest version of which each destination has a delivery, for pairs that have one. */
    Map<Target, Integer> newest(Collection<Target> targets) throws SQLException;

    /**
     * Ends the open deliveries of each pair that are older than the version and that nobody is sending at the moment.
     *
     * @return how many
     */
    int supersede(Map<Target, Integer> versions, long now) throws SQLException;

    /** Fresh numbers for a table, ascending. */
    long[] numbers(String table, int count) throws SQLException;

    /** Adds to the running totals. */
    void add(String node, SortedMap<String, Long> tallies) throws SQLException;

    /** Whom an alert is told to. */
    record Target(long alert, String destination) {}
}
