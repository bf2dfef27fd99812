-- What waits for details is looked for four times a second, also while a million receipts wait to be routed.
create index inbox_fetch on inbox (receipt) where lane = 2;
