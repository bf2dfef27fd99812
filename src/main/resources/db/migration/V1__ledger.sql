-- The ledger. One file for both stores: ${id}, ${number}, ${blob} are the only words in which SQLite and PostgreSQL differ.
-- All times are milliseconds since 1970 in UTC. Codes of verdict, status and severity are those of the Java enums.

-- One accepted request or poll result, whole: what replay starts from.
create table receipt (
    seq          ${id},
    provider     text     not null,
    instance     text     not null,
    source       smallint not null,
    received_at  bigint   not null,
    as_of        bigint,
    key_id       text,
    remote       text,
    content_type text,
    headers      text     not null,
    body         ${blob}  not null,
    parent       bigint,
    quarantined  smallint not null,
    -- JSON array, one member per alert in the order of the body: what was mapped and what the ledger decided.
    items        text     not null
);
create index receipt_quarantined on receipt (seq) where quarantined > 0;
create index receipt_parent on receipt (parent) where parent is not null;

-- Receipts whose changes are not routed yet. A queue of its own, because sequence numbers of two nodes commit out of order.
create table inbox (
    receipt    ${number} not null primary key,
    lane       smallint not null,
    due_at     bigint   not null,
    attempts   integer  not null,
    last_error text
);

-- The current state of each fingerprint. The content is the canonical alert, once.
create table alert (
    id             ${id},
    fingerprint    ${blob}  not null unique,
    provider       text     not null,
    instance       text     not null,
    status         smallint not null,
    severity       smallint not null,
    digest         bigint   not null,
    -- Hash of the content: tells a repetition with new details from one without, and the content need not be read for it.
    content_hash   bigint   not null,
    count          bigint   not null,
    version        integer  not null,
    opened_version integer  not null,
    first_received bigint   not null,
    last_received  bigint   not null,
    event_time     bigint,
    receipt        bigint   not null,
    incident       bigint,
    content        text     not null
);

-- One routed change of an alert, as it was when it was routed, with each stage's decisions: what explain prints.
create table change (
    id        ${id},
    alert     bigint   not null,
    receipt   bigint   not null,
    version   integer  not null,
    verdict   smallint not null,
    at        bigint   not null,
    incident  bigint,
    content   text     not null,
    decisions text     not null
);
create index change_alert on change (alert, version);

create table incident (
    id        ${id},
    key       text     not null,
    title     text     not null,
    status    smallint not null,
    severity  smallint not null,
    alerts    integer  not null,
    open_alerts integer not null,
    opened_at bigint   not null,
    last_at   bigint   not null,
    closed_at bigint
);
create unique index incident_open on incident (key) where closed_at is null;

-- The duty to bring one change to one destination.
create table delivery (
    id              ${id},
    change          bigint   not null,
    alert           bigint   not null,
    version         integer  not null,
    destination     text     not null,
    notifier        text     not null,
    state           smallint not null,
    attempts        integer  not null,
    -- How often an operator replayed it; the attempts start anew, the idempotency key stays.
    replays         integer  not null,
    idempotency_key text     not null,
    reason          text     not null,
    -- Set on a report of another delivery's end: exit codes, an SMS that was sent.
    report_of       bigint,
    report          text,
    created_at      bigint   not null,
    due_at          bigint   not null,
    ended_at        bigint,
    lease_owner     text,
    lease_until     bigint,
    fence           bigint   not null,
    outcome         text
);
create index delivery_due on delivery (destination, due_at) where ended_at is null;
create index delivery_alert on delivery (alert, destination, version);

create table attempt (
    id             ${id},
    delivery       bigint   not null,
    number         integer  not null,
    at             bigint   not null,
    took           bigint   not null,
    result         text     not null,
    status_code    integer,
    message        text     not null,
    transaction_id text     not null
);
create index attempt_delivery on attempt (delivery);

-- What a destination calls the thing we made there: an issue key, a message timestamp.
create table reference (
    destination text   not null,
    alert       bigint not null,
    -- The version in which the alert was last opened: a reopened alert may get a new thread or ticket.
    opened      integer not null,
    value       text   not null,
    primary key (destination, alert, opened)
);

-- Keys of the idempotent repository and of vendors' own delivery ids. The key is the first 16 bytes of a SHA-256.
create table idempotency (
    key        ${blob} not null primary key,
    receipt    bigint,
    expires_at bigint  not null
);
create index idempotency_expiry on idempotency (expires_at);

create table lease (
    name  text   not null primary key,
    owner text   not null,
    token bigint not null,
    until bigint not null
);

create table poll_cursor (
    name       text   not null primary key,
    value      text   not null,
    updated_at bigint not null
);

create table api_key (
    id           text    not null primary key,
    hash         ${blob} not null,
    scopes       text    not null,
    note         text    not null,
    created_at   bigint  not null,
    last_used_at bigint,
    revoked_at   bigint
);

-- Running totals for the conservation balance, per node so that two nodes never wait for one row.
create table tally (
    name  text   not null,
    node  text   not null,
    value bigint not null,
    primary key (name, node)
);
