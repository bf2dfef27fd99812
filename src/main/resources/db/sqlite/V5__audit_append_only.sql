create trigger audit_is_not_changed before update on audit
begin
    select raise(abort, 'the audit is append-only');
end;

create trigger audit_is_not_deleted before delete on audit
begin
    select raise(abort, 'the audit is append-only');
end;
