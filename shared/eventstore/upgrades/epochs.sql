-- Restored databases: adopt the tail that the stream still holds, or open another epoch above it.

create table lineage (
    only_row boolean     primary key default true check (only_row),
    cluster  text        not null,
    seen_at  timestamptz not null
);
comment on table  lineage          is 'Where this store last lived: another place means that it was restored or promoted.';
comment on column lineage.only_row is 'Keeps the table at one row.';
comment on column lineage.cluster  is 'System identifier and timeline of the server.';
comment on column lineage.seen_at  is 'When it was first seen there (UTC).';

create function current_cluster() returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) from pg_control_system()
$$;
comment on function current_cluster is 'System identifier and timeline of the server that answers.';

create function remember_cluster() returns void
language sql security definer set search_path = public, pg_temp as $$
    insert into lineage as known (cluster, seen_at) values (current_cluster(), now())
        on conflict (only_row) do update set cluster = excluded.cluster, seen_at = now()
     where known.cluster <> excluded.cluster
$$;
comment on function remember_cluster is 'From now on this is where the store lives.';

-- Takes events back that this store once appended and lost, from the stream: only right behind its head,
-- and only what chains. False when the head is elsewhere.
create function adopt_events(
    after_position bigint, after_hash bytea,
    e_position bigint[], e_epoch integer[], e_id uuid[], e_stream text[], e_version integer[],
    e_type text[], e_data bytea[], e_meta bytea[], e_occurred timestamptz[], e_recorded timestamptz[],
    e_digest bytea[], e_prev bytea[], e_hash bytea[],
    o_epoch integer[], o_after bigint[], o_from bigint[], o_to bigint[],
    c_command bytea[], c_digest bytea[], c_record text[], c_outcome text[], c_event integer[]
) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    head_position bigint;  head_hash bytea;
begin
    perform 1 from append_lock for update;
    select position, hash into head_position, head_hash from events order by position desc limit 1;
    if coalesce(head_position, 0) <> after_position
       or coalesce(head_hash, decode(repeat('00', 32), 'hex')) <> after_hash then
        return false;
    end if;
    perform 1
       from unnest(e_position, e_epoch, e_recorded, e_digest, e_prev, e_hash) with ordinality
            as e(position, epoch, recorded, digest, prev, hash, number)
      where e.hash <> sha256(e.prev || int4send(e.epoch) || int8send(e.position)
                || int8send((extract(epoch from e.recorded) * 1000000)::bigint) || e.digest)
         or e.prev <> case when e.number = 1 then after_hash else e_hash[e.number - 1] end;
    if found then
        raise exception 'what is to be adopted does not chain';
    end if;

    insert into epochs (epoch, begins_after, voided_from, voided_to, opened_at)
    select epoch, after, voided_from, voided_to, now()
      from unnest(o_epoch, o_after, o_from, o_to) as o(epoch, after, voided_from, voided_to);
    insert into events (position, epoch, event_id, stream_id, version, type, data, meta,
                        occurred_at, recorded_at, payload_digest, prev_hash, hash)
    select * from unnest(e_position, e_epoch, e_id, e_stream, e_version, e_type, e_data, e_meta,
                         e_occurred, e_recorded, e_digest, e_prev, e_hash);
    insert into streams as known (stream_id, version)
    select stream, max(version) from unnest(e_stream, e_version) as e(stream, version) group by stream
        on conflict (stream_id) do update set version = greatest(known.version, excluded.version);
    insert into commands (command_id, request_digest, record_id, outcome, epoch, position, version, recorded_at)
    select c.command, c.digest, c.record, c.outcome, e_epoch[c.event], e_position[c.event],
           e_version[c.event], e_recorded[c.event]
      from unnest(c_command, c_digest, c_record, c_outcome, c_event) as c(command, digest, record, outcome, event)
        on conflict (command_id) do nothing;
    return true;
end $$;
comment on function adopt_events is 'Takes back what a restore lost and the stream still holds.';

-- Opens the next epoch with its first event, which says what it voids. False when the head is elsewhere.
create function open_epoch(
    after_position bigint, after_hash bytea, new_epoch integer, new_after bigint,
    new_from bigint, new_to bigint, e_id uuid, e_stream text, e_type text, e_data bytea, e_meta bytea,
    e_occurred timestamptz, e_digest bytea
) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    head_position bigint;  head_hash bytea;  head_recorded timestamptz;  recorded timestamptz;
begin
    perform 1 from append_lock for update;
    select position, hash, recorded_at into head_position, head_hash, head_recorded
      from events order by position desc limit 1;
    head_hash := coalesce(head_hash, decode(repeat('00', 32), 'hex'));
    if coalesce(head_position, 0) <> after_position or head_hash <> after_hash
       or new_epoch <> (select max(epoch) + 1 from epochs) then
        return false;
    end if;
    -- In an exercise the scenario's clock goes on where it was.
    recorded := greatest(head_recorded, case when head_recorded is null
        or not (select exercise from installation) then clock_timestamp() end);
    insert into epochs values (new_epoch, new_after, new_from, new_to, clock_timestamp());
    insert into events (position, epoch, event_id, stream_id, version, type, data, meta,
                        occurred_at, recorded_at, payload_digest, prev_hash, hash)
    values (new_after + 1, new_epoch, e_id, e_stream, 1, e_type, e_data, e_meta, e_occurred, recorded,
            e_digest, head_hash,
            sha256(head_hash || int4send(new_epoch) || int8send(new_after + 1)
                   || int8send((extract(epoch from recorded) * 1000000)::bigint) || e_digest));
    insert into streams values (e_stream, 1);
    perform remember_cluster();
    return true;
end $$;
comment on function open_epoch is 'Begins another history above everything that was ever given a position.';

revoke all on function remember_cluster, adopt_events, open_epoch from public;
do $$
declare app text := quote_ident(current_database() || '_app');
begin
    execute format('grant select on lineage to %s', app);
    execute format('grant execute on function current_cluster, remember_cluster, adopt_events, open_epoch to %s', app);
end $$;
