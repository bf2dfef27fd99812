-- The planner needs to know little of the two tables that grow fastest: they are read by number and in the order of it. What
-- it does not know need not be sampled; to look at 30,000 rows once a minute was a tenth of the server's work in a burst.
alter table receipt
    alter column seq set statistics 10, alter column parent set statistics 10, alter column quarantined set statistics 10,
    alter column provider set statistics 10, alter column instance set statistics 10, alter column source set statistics 0,
    alter column received_at set statistics 0, alter column as_of set statistics 0, alter column key_id set statistics 0,
    alter column remote set statistics 0, alter column content_type set statistics 0,
    alter column headers set statistics 0, alter column body set statistics 0, alter column items set statistics 0;
alter table alert
    alter column id set statistics 10, alter column provider set statistics 10, alter column instance set statistics 10,
    alter column status set statistics 10, alter column severity set statistics 10, alter column incident set statistics 10,
    alter column last_received set statistics 10, alter column first_received set statistics 10,
    alter column receipt set statistics 10, alter column fingerprint set statistics 0,
    alter column digest set statistics 0, alter column content_hash set statistics 0, alter column count set statistics 0,
    alter column version set statistics 0, alter column opened_version set statistics 0,
    alter column event_time set statistics 0, alter column content set statistics 0,
    alter column content_receipt set statistics 0, alter column content_from set statistics 0,
    alter column content_length set statistics 0;
