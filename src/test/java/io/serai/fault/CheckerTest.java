package io.serai.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checker must see what it is there to see: each test doctors one ledger of a good run. */
class CheckerTest {

    private final List<Sent> sent = new ArrayList<>();
    private final Set<String> receipts = new HashSet<>();
    private final Map<String, Books.Row> alerts = new HashMap<>();
    private final List<Books.Duty> duties = new ArrayList<>();
    private final List<StubLine> lines = new ArrayList<>();

    CheckerTest() {
        sent.add(accepted(1, "a", "firing", "11", "f1", "new"));
        sent.add(accepted(2, "b", "firing", "12", "f2", "new"));
        sent.add(accepted(3, "a", "resolved", "13", "f1", "resolved"));
        sent.add(new Sent(4, "b", "firing", "h4", 0, "", List.of(), List.of()));
        sent.add(new Sent(5, "c", "firing", "h5", 503, "", List.of(), List.of()));
        receipts.addAll(Set.of("11", "12", "13", "14"));
        alerts.put("f1", new Books.Row(2, 2, "resolved"));
        alerts.put("f2", new Books.Row(2, 1, "firing"));
        duties.add(new Books.Duty("ops", "f1", 1, "delivered", "k1"));
        duties.add(new Books.Duty("ops", "f2", 1, "delivered", "k2"));
        duties.add(new Books.Duty("ops", "f1", 2, "delivered", "k3"));
        lines.add(line("k1", "f1", "firing", 1, true));
        lines.add(line("k2", "f2", "firing", 1, false));
        lines.add(line("k2", "f2", "firing", 1, true));
        lines.add(line("k2", "f2", "firing", 1, true));
        lines.add(line("k3", "f1", "resolved", 2, true));
    }

    @Test
    void aGoodRunIsKeptAndCounted() {
        Checker.Report report = check();
        assertThat(report.faults()).isEmpty();
        assertThat(report.toString())
                .startsWith("KEPT seed=7 ")
                .contains("accepted=3", "unknown=1", "refused=1", "repeated=1");
    }

    @Test
    void aMissingReceiptIsSeen() {
        receipts.remove("12");
        assertFault("P1: request 2 was answered 202 with receipt '12', which the ledger does not have");
    }

    @Test
    void aMissingAlertIsSeen() {
        alerts.remove("f2");
        assertFault("P1: request 2 was answered 202 for alert f2, which the ledger does not have");
    }

    @Test
    void aReceiptGivenTwiceIsSeen() {
        sent.add(accepted(6, "b", "firing", "12", "f2", "duplicate"));
        alerts.put("f2", new Books.Row(3, 1, "firing"));
        assertFault("P1: receipt 12 was given to two requests");
    }

    @Test
    void an202WithoutAnAlertIsSeen() {
        sent.add(new Sent(6, "d", "firing", "h6", 202, "14", List.of(), List.of()));
        assertFault("P2: request 6 was answered 202 without an alert");
    }

    @Test
    void aLostWordIsSeen() {
        alerts.put("f1", new Books.Row(1, 2, "resolved"));
        assertFault("P1: alert of a counts 1, between 2 and 2 were accepted");
    }

    @Test
    void aWordCountedTwiceIsSeen() {
        alerts.put("f2", new Books.Row(3, 1, "firing"));
        assertFault("P1: alert of b counts 3, between 1 and 2 were accepted");
    }

    @Test
    void aSubjectTornInTwoIsSeen() {
        sent.add(accepted(6, "a", "firing", "14", "f2", "duplicate"));
        assertFault("P1: subject a has 2 fingerprints");
    }

    @Test
    void aDeliveryThatNobodyGotIsSeen() {
        lines.removeIf(line -> line.key().equals("k2") && line.accepted());
        assertFault("P3: delivery of alert f2 version 1 to ops is recorded as delivered and never reached its target");
        assertFault("P3: ops never heard of alert f2");
    }

    @Test
    void aDeliveryWithoutAnEndIsSeen() {
        duties.set(0, new Books.Duty("ops", "f1", 1, "retrying", "k1"));
        assertFault("P3: delivery of alert f1 version 1 to ops has not ended: retrying");
    }

    @Test
    void deadWithoutAnAttemptIsSeen() {
        duties.add(new Books.Duty("ops", "f9", 1, "dead", "k9"));
        assertFault("P3: delivery of alert f9 version 1 to ops is dead without one attempt");
    }

    @Test
    void aTargetThatMissedTheLastWordIsSeen() {
        duties.remove(2);
        lines.remove(4);
        assertFault("P3: ops last heard version 1 of alert f1, which is at 2");
    }

    @Test
    void aDutyThatWasNeverWrittenIsSeen() {
        duties.remove(1);
        lines.removeIf(line -> line.fingerprint().equals("f2"));
        assertFault("P3: ops never heard of alert f2");
    }

    @Test
    void aDuplicateUnderAnotherKeyIsSeen() {
        lines.add(line("k4", "f1", "resolved", 2, true));
        assertFault("P4: ops was sent f1 version 2 under two keys");
    }

    @Test
    void aKeyForTwoThingsIsSeen() {
        lines.set(4, line("k1", "f1", "resolved", 2, true));
        assertFault("P4: key k1 stands for two things at ops");
    }

    @Test
    void aSendWithoutAKeyIsSeen() {
        lines.add(line("", "f1", "resolved", 2, true));
        assertFault("P4: ops was sent f1 version 2 without an idempotency key");
    }

    @Test
    void aFiringAfterItsResolveIsSeen() {
        lines.add(line("k1", "f1", "firing", 1, true));
        assertFault("P5: ops took version 1 (firing) of alert f1 after version 2");
    }

    private void assertFault(String fault) {
        Checker.Report report = check();
        assertThat(report.faults()).contains(fault);
        assertThat(report.toString()).startsWith("BROKEN seed=7 ");
    }

    private Checker.Report check() {
        return Checker.check(7, sent, new Books(receipts, alerts, duties), Map.of("ops", lines));
    }

    private static Sent accepted(
            long id, String subject, String state, String receipt, String fingerprint, String verdict) {
        return new Sent(id, subject, state, "h" + id, 202, receipt, List.of(fingerprint), List.of(verdict));
    }

    private static StubLine line(String key, String fingerprint, String status, int version, boolean accepted) {
        return new StubLine(0, "/ops", key, "h", fingerprint, status, version, accepted);
    }
}
