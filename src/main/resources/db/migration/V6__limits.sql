-- What each node has let in, by second, so that the limits hold across nodes and restarts. Kept for some minutes.
create table limit_use (
    name text     not null,
    node text     not null,
    slot bigint   not null,
    used integer  not null,
    primary key (name, node, slot)
);
create index limit_use_slot on limit_use (slot);
