-- Events in partitions by range of positions, once an operator wants them (shared/partitioning.py). Until then
-- nothing changes.

create table partitioning (
    only_row boolean primary key default true check (only_row),
    size     bigint  not null check (size > 0),
    reaches  bigint  not null
);
comment on table  partitioning          is 'Whether events lie in partitions, and how far these reach; empty when they do not.';
comment on column partitioning.only_row is 'Keeps the table at one row.';
comment on column partitioning.size     is 'Positions in one partition.';
comment on column partitioning.reaches  is 'The first position for which there is no partition yet.';

-- The table that is there becomes the first partition, in a moment: its constraint events_before_bound was
-- validated before, so nothing is read, and its indexes become parts of the new ones. Names stay: every
-- statement, function and later revision goes on with "events".
create function begin_partitions(part_size bigint, bound bigint) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    one record;  definitions text[] := '{}';
begin
    for one in
        select c.relname, i.indisprimary, pg_get_indexdef(i.indexrelid) as definition
          from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'events'::regclass
    loop
        execute format('alter index %I rename to %I', one.relname, one.relname || '_from_0');
        if not one.indisprimary then
            definitions := definitions || one.definition;
        end if;
    end loop;
    alter table events rename to events_from_0;
    create table events (like events_from_0 including defaults including storage including comments)
        partition by range (position);
    alter table events add constraint events_pkey primary key (position);
    for i in 1 .. cardinality(definitions) loop
        execute definitions[i];
    end loop;
    execute format('comment on table events is %L', obj_description('events_from_0'::regclass, 'pg_class'));
    comment on table events_from_0 is 'Events from the first on; see events.';
    execute format('alter table events attach partition events_from_0 for values from (minvalue) to (%s)', bound);
    alter table events_from_0 drop constraint events_before_bound;
    -- Whoever read the table reads it by its name alone from now on.
    for one in
        select a.grantee::regrole as who, a.privilege_type as what
          from pg_class c, aclexplode(c.relacl) a
         where c.oid = 'events_from_0'::regclass and a.grantee <> c.relowner
    loop
        execute format('grant %s on events to %s', one.what, one.who);
        execute format('revoke all on events_from_0 from %s', one.who);
    end loop;
    insert into partitioning values (true, part_size, bound);
end $$;
comment on function begin_partitions is 'Makes the events the first of their partitions. For the owner alone.';

-- Whatever is to come finds its partition there: two are always ahead of the head, and of `reaching`, to which
-- a restore may jump. Writers and readers are not stopped: a table made apart is attached.
create function prepare_partitions(reaching bigint) returns integer
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '2s' as $$
declare
    part partitioning;  made integer := 0;  part_name text;
    needed bigint := greatest(reaching, (select max(position) from events));
begin
    select * into part from partitioning;
    if not found then
        -- Whoever began to lay them and was killed (his lock is free) left a bound that would refuse appends.
        if exists (select from pg_constraint where conrelid = 'events'::regclass and conname = 'events_before_bound')
           and pg_try_advisory_xact_lock(7238014) then
            alter table events drop constraint events_before_bound;
        end if;
        return 0;
    end if;
    if part.reaches > needed + 2 * part.size then
        return 0;
    end if;
    select * into part from partitioning for update;
    while part.reaches <= needed + 2 * part.size loop
        part_name := 'events_from_' || part.reaches;
        execute format('create table %I (like events including defaults including storage including comments)', part_name);
        execute format('comment on table %I is %L', part_name, 'Events from this position on; see events.');
        execute format('alter table events attach partition %I for values from (%s) to (%s)',
                       part_name, part.reaches, part.reaches + part.size);
        part.reaches := part.reaches + part.size;
        made := made + 1;
    end loop;
    update partitioning set reaches = part.reaches;
    return made;
end $$;
comment on function prepare_partitions is 'Makes partitions ahead of need, and says how many; none where there are none.';

revoke all on function begin_partitions, prepare_partitions from public;
do $$
declare app text := quote_ident(current_database() || '_app');
begin
    execute format('grant select on partitioning to %s', app);
    execute format('grant execute on function prepare_partitions to %s', app);
end $$;
