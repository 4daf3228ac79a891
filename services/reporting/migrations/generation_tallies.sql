-- How many records there are of each kind under each label, kept by the database itself: a count then adds up
-- labels, and does not look at every record that its reader may not see. Of records that were moved to another
-- label and not yet folded, and of extracts, the query that counts takes away what must not be counted.

create table {g}.tallies (
    kind     text    not null,
    label_id integer not null,
    records  bigint  not null,
    primary key (kind, label_id)
);
comment on table  {g}.tallies          is 'Records by kind and label of the base group; made by triggers on records.';
comment on column {g}.tallies.kind     is 'The kind.';
comment on column {g}.tallies.label_id is 'Label of the base group.';
comment on column {g}.tallies.records  is 'How many; 0 where there were some.';

create function {g}.tally() returns trigger
language plpgsql set search_path = {g}, public, pg_temp as
$tally$ begin
    insert into tallies (kind, label_id, records)
    select kind, label_id, tg_argv[0]::integer * count(*) from told group by kind, label_id order by kind, label_id
        on conflict (kind, label_id) do update set records = tallies.records + excluded.records;
    return null;
end $tally$;
comment on function {g}.tally is 'Adds the records of a statement, or takes them away.';

create trigger tally_inserted after insert on {g}.records referencing new table as told
    for each statement execute function {g}.tally('1');
create trigger tally_deleted after delete on {g}.records referencing old table as told
    for each statement execute function {g}.tally('-1');
create trigger tally_updated_to after update on {g}.records referencing new table as told
    for each statement execute function {g}.tally('1');
create trigger tally_updated_from after update on {g}.records referencing old table as told
    for each statement execute function {g}.tally('-1');

insert into {g}.tallies select kind, label_id, count(*) from {g}.records group by kind, label_id;

alter table {g}.tallies enable row level security;
alter table {g}.tallies force row level security;
do $tally$
declare
    projector text := quote_ident(regexp_replace(current_user, '_owner$', '_projector'));
    reader text := quote_ident(regexp_replace(current_user, '_owner$', '_reader'));
begin
    execute format('grant select, insert, update, delete on {g}.tallies to %s', projector);
    execute format('grant select on {g}.tallies to %s', reader);
    execute format('create policy write on {g}.tallies to %s using (true)', projector);
    execute format('create policy search on {g}.tallies for select to %I using (true)', current_user);
    execute format('create policy read on {g}.tallies for select to %s'
                   ' using (get_bit((select readable_bits()), label_id)::bool)', reader);
end $tally$;
