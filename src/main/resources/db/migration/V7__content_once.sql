-- What an alert says is in the receipt that said it. The alert only knows where: "content" is empty then, and filled when the
-- receipt is deleted, or where the content is not what the receipt says: details that were read back.
alter table alert add column content_receipt ${number};
-- Of the receipt's items: the first character, counted from 1, and how many.
alter table alert add column content_from integer;
alter table alert add column content_length integer;

create view alert_full as
select a.id, a.fingerprint, a.provider, a.instance, a.status, a.severity, a.digest, a.content_hash, a.count, a.version,
    a.opened_version, a.first_received, a.last_received, a.event_time, a.receipt, a.incident,
    case when a.content <> '' then a.content else
        (select substr(r.items, a.content_from, a.content_length) from receipt r where r.seq = a.content_receipt)
    end as content
from alert a;
