create function audit_is_append_only() returns trigger language plpgsql as $body$
begin
    raise exception 'the audit is append-only';
end
$body$;

create trigger audit_is_not_changed before update or delete on audit
    for each row execute function audit_is_append_only();

create trigger audit_is_not_emptied before truncate on audit
    for each statement execute function audit_is_append_only();
