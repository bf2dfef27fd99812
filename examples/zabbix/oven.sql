-- What an administrator enters under Alerts > Media types, Users > Media and Alerts > Actions, and one host with one
-- trapper item and one trigger. psql gives url, key and script.
update actions set status = 1;

insert into media_type (mediatypeid, type, name, script, timeout, attempt_interval)
    values (900001, 4, 'Serai', :'script', '10s', '1s');
insert into media_type_param (mediatype_paramid, mediatypeid, name, value)
select 900000 + row_number() over (), 900001, name, value
from (values
    ('url', :'url'), ('key', :'key'),
    ('trigger_id', '{TRIGGER.ID}'), ('event_id', '{EVENT.ID}'), ('event_value', '{EVENT.VALUE}'),
    ('event_name', '{EVENT.NAME}'), ('event_nseverity', '{EVENT.NSEVERITY}'), ('event_tags', '{EVENT.TAGSJSON}'),
    ('event_update_status', '{EVENT.UPDATE.STATUS}'), ('event_update_action', '{EVENT.UPDATE.ACTION}'),
    ('event_update_message', '{EVENT.UPDATE.MESSAGE}'), ('event_ack_status', '{EVENT.ACK.STATUS}'),
    ('event_date', '{EVENT.DATE}'), ('event_time', '{EVENT.TIME}'), ('event_opdata', '{EVENT.OPDATA}'),
    ('event_recovery_date', '{EVENT.RECOVERY.DATE}'), ('event_recovery_time', '{EVENT.RECOVERY.TIME}'),
    ('host_name', '{HOST.NAME}'), ('host_ip', '{HOST.IP}'), ('item_name', '{ITEM.NAME}'), ('item_value', '{ITEM.VALUE}'),
    ('user', '{USER.FULLNAME}'), ('message', '{ALERT.MESSAGE}'), ('zabbix_url', 'https://zabbix.example.org')
) as parameter (name, value);
insert into users (userid, username, name, surname, roleid) values (900002, 'bea', 'Bea', 'Baker', 1);
insert into media (mediaid, userid, mediatypeid, sendto) values (900001, 1, 900001, 'serai');

insert into actions (actionid, name, eventsource, esc_period) values (900001, 'Tell Serai', 0, '1h');
-- 0 tells of a problem, 11 of its recovery, 12 of an update.
insert into operations (operationid, actionid, operationtype, recovery)
    values (900001, 900001, 0, 0), (900002, 900001, 11, 1), (900003, 900001, 12, 2);
insert into opmessage (operationid, default_msg, subject, message, mediatypeid)
    values (900001, 0, 'Problem: {EVENT.NAME}', '{EVENT.OPDATA}', 900001),
           (900002, 0, 'Resolved: {EVENT.NAME}', '{EVENT.OPDATA}', null),
           (900003, 0, 'Updated: {EVENT.NAME}', '{EVENT.UPDATE.MESSAGE}', null);
insert into opmessage_usr (opmessage_usrid, operationid, userid) values (900001, 900001, 1);

insert into hosts (hostid, host, name, name_upper) values (900001, 'oven-3', 'Oven three', 'OVEN THREE');
insert into hosts_groups (hostgroupid, hostid, groupid) values (900001, 900001, 2);
insert into interface (interfaceid, hostid, main) values (900001, 900001, 1);
insert into items (itemid, type, hostid, name, name_upper, key_, value_type)
    values (900001, 2, 900001, 'Core temperature', 'CORE TEMPERATURE', 'oven.temperature', 0);
insert into item_rtdata (itemid) values (900001);
insert into triggers (triggerid, expression, description, priority, comments, opdata)
    values (900001, '{900001}>300', 'Core of {HOST.NAME} is too hot', 4, 'Turn it down.', 'temperature {ITEM.LASTVALUE}');
insert into functions (functionid, itemid, triggerid, name, parameter) values (900001, 900001, 900001, 'last', '$');
insert into trigger_tag (triggertagid, triggerid, tag, value) values (900001, 900001, 'service', 'ovens');
