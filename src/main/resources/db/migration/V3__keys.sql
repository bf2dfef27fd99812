-- A key may end by itself, be followed by another one, and belong to a person: a user of a team.
alter table api_key add column expires_at bigint;
alter table api_key add column successor text;
alter table api_key add column person text;
alter table api_key add column team text;
