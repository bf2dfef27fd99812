-- How PostgreSQL stores the rows; SQLite has no such settings.

-- A usual row fits into a page as it is: compressing and moving its columns out costs more than all else of an insert.
alter table receipt set (toast_tuple_target = 8160);
alter table change set (toast_tuple_target = 8160);
-- Room for the next version of a row on its own page, so that counting a repetition touches no index.
alter table alert set (toast_tuple_target = 8160, fillfactor = 80);
alter table delivery set (fillfactor = 80);
-- Small tables with much coming and going.
alter table inbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
alter table tally set (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
alter table lease set (fillfactor = 20);
