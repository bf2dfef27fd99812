-- What the console writes when somebody acknowledges the open problem with a message. It is told to all but him.
insert into acknowledges (acknowledgeid, userid, eventid, clock, message, action)
    select 900001, 900002, eventid, extract(epoch from now())::integer, 'turning it down', 6 from problem where objectid = 900001;
update events set acknowledged = 1 where eventid = (select eventid from problem where objectid = 900001);
update problem set acknowledged = 1 where objectid = 900001;
insert into task (taskid, type, status, clock, ttl) values (900001, 4, 1, extract(epoch from now())::integer, 0);
insert into task_acknowledge (taskid, acknowledgeid) values (900001, 900001);
