-- Who changed what. Each row's hash covers the row and the hash of the row before it, so none can be changed, taken out or
-- put in without breaking the chain. Rows are never changed or deleted: the next migration of each store sees to that.
create table audit (
    seq         ${number} not null primary key,
    at          bigint    not null,
    node        text      not null,
    who         text      not null,
    action      text      not null,
    subject     text      not null,
    outcome     text      not null,
    -- SHA-256 of the state of the subject, in hex; null where it has none here.
    before_hash text,
    after_hash  text,
    detail      text      not null,
    previous    text      not null,
    hash        text      not null
);
