-- One service's event store. Run once by the first migration, as the owner of the database.
-- The application's role may read, and append through append_batch(); it can change nothing else.

create table installation (
    only_row    boolean     primary key default true check (only_row),
    mission     text        not null,
    site        text        not null,
    exercise    boolean     not null,
    created_at  timestamptz not null
);
comment on table  installation            is 'What this database belongs to; written when it is made, never changed.';
comment on column installation.only_row   is 'Keeps the table at one row.';
comment on column installation.mission    is 'The mission''s code, also in stream names, event sources and token audiences.';
comment on column installation.site       is 'The site at which these events are decided.';
comment on column installation.exercise   is 'Whether everything here is EXERCISE.';
comment on column installation.created_at is 'When the installation was made (UTC).';

create table epochs (
    epoch        integer     primary key,
    begins_after bigint      not null,
    voided_from  bigint,
    voided_to    bigint,
    opened_at    timestamptz not null
);
comment on table  epochs              is 'Histories of this store: a new one opens when a restore forked the old.';
comment on column epochs.epoch        is 'Rises by one; never falls, never comes back.';
comment on column epochs.begins_after is 'The last position before this epoch''s first.';
comment on column epochs.voided_from  is 'First position of the range this epoch declared void, if any.';
comment on column epochs.voided_to    is 'Last position of that range.';
comment on column epochs.opened_at    is 'When it was opened (UTC).';
insert into epochs values (1, 0, null, null, now());

create table append_lock (only_row boolean primary key default true check (only_row));
comment on table  append_lock          is 'The queue of appenders: locked, never updated, so it leaves no dead rows.';
comment on column append_lock.only_row is 'Keeps the table at one row.';
insert into append_lock default values;

create table events (
    position       bigint      primary key,
    epoch          integer     not null,
    event_id       uuid        not null,
    stream_id      text        not null,
    version        integer     not null,
    type           text        not null,
    data           bytea       not null,
    meta           bytea       not null,
    occurred_at    timestamptz not null,
    recorded_at    timestamptz not null,
    payload_digest bytea       not null,
    prev_hash      bytea       not null,
    hash           bytea       not null
);
create index events_by_stream on events (stream_id, version);
comment on table  events                is 'Every fact, in the order in which it became visible. Never updated.';
comment on column events.position       is 'Gap-free within an epoch and in commit order.';
comment on column events.epoch          is 'The history it belongs to, see epochs.';
comment on column events.event_id       is 'Random; names the event everywhere.';
comment on column events.stream_id      is 'The record''s id, spelled out.';
comment on column events.version        is 'Number of the event within its stream, from 1, gap-free (guarded by streams).';
comment on column events.type           is 'Contract and version, such as engagement.planned.v1.';
comment on column events.data           is 'Canonical JSON; sealed parts are ciphertext. Hashed as stored.';
comment on column events.meta           is 'Who, for whom, trace context: JSON. Hashed as stored.';
comment on column events.occurred_at    is 'When it happened, by the command (UTC).';
comment on column events.recorded_at    is 'When it was appended (UTC); never falls. In an exercise, by the scenario''s clock.';
comment on column events.payload_digest is 'sha256 over the event without its place in the chain, made by the caller.';
comment on column events.prev_hash      is 'Hash of the event at the position before.';
comment on column events.hash           is 'sha256(prev_hash, epoch, position, recorded_at in microseconds, payload_digest).';

create table streams (
    stream_id text    primary key,
    version   integer not null
);
comment on table  streams           is 'The version each stream has reached; guards versions without a unique index on events.';
comment on column streams.stream_id is 'The record''s id, spelled out.';
comment on column streams.version   is 'Version of its last event.';

create table commands (
    command_id     bytea       primary key,
    request_digest bytea       not null,
    record_id      text        not null,
    outcome        text        not null,
    epoch          integer     not null,
    position       bigint      not null,
    version        integer     not null,
    recorded_at    timestamptz not null
);
create index commands_by_age on commands (recorded_at);
comment on table  commands                is 'Commands already applied, so that a retry is answered and not repeated. No bodies.';
comment on column commands.command_id     is 'HMAC over client, method, route and Idempotency-Key.';
comment on column commands.request_digest is 'Digest of the request, to tell a retry from another request under its key.';
comment on column commands.record_id      is 'The record it changed.';
comment on column commands.outcome        is 'created, amended or unchanged.';
comment on column commands.epoch          is 'Epoch of its last event.';
comment on column commands.position       is 'Position of its last event, or the head when it had none.';
comment on column commands.version        is 'Stream version after it.';
comment on column commands.recorded_at    is 'When it was applied (UTC).';

-- Appends one batch. Appends (a_*) and their events (e_*, each naming its append by number, in order)
-- arrive as arrays. At most one append per stream. An append whose expected version is not the stream's,
-- or whose command was applied before, is left out and said so; its neighbours stand.
create function append_batch(
    a_stream text[], a_expected integer[], a_events integer[],
    a_command bytea[], a_digest bytea[], a_record text[], a_outcome text[], a_recorded timestamptz[],
    e_append integer[], e_id uuid[], e_type text[], e_data bytea[], e_meta bytea[],
    e_occurred timestamptz[], e_digest bytea[]
) returns table (number integer, verdict text, epoch integer, "position" bigint, version integer, recorded_at timestamptz)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    head_position bigint;  head_epoch integer;  head_hash bytea;  head_recorded timestamptz;
    present timestamptz := clock_timestamp();
    verdicts text[];  at_position bigint[];  at_version integer[];  at_recorded timestamptz[];
    p_event integer[] := '{}';  p_position bigint[] := '{}';  p_version integer[] := '{}';
    p_recorded timestamptz[] := '{}';  p_prev bytea[] := '{}';  p_hash bytea[] := '{}';
    i integer;  the_append integer;  digest bytea;  next_version integer;  chained bytea;
begin
    perform 1 from append_lock for update;
    select e.position, e.hash, e.recorded_at into head_position, head_hash, head_recorded
      from events e order by e.position desc limit 1;
    select max(o.epoch) into head_epoch from epochs o;
    if head_position is null then
        select o.begins_after into head_position from epochs o where o.epoch = head_epoch;
        head_hash := decode(repeat('00', 32), 'hex');
        head_recorded := '-infinity';
    end if;

    select array_agg(case when exists (select from commands c where c.command_id = a.command)
                          then 'applied'
                          when coalesce((select s.version from streams s where s.stream_id = a.stream), 0)
                               <> a.expected then 'conflict'
                          else 'appended' end order by a.number)
      into verdicts
      from unnest(a_stream, a_expected, a_command) with ordinality a(stream, expected, command, number);

    at_position := array_fill(head_position, array[cardinality(a_stream)]);
    at_recorded := array_fill(null::timestamptz, array[cardinality(a_stream)]);
    at_version := a_expected;
    for i, the_append, digest in
        select e.number, e.append, e.digest
          from unnest(e_append, e_digest) with ordinality e(append, digest, number) order by e.number
    loop
        continue when verdicts[the_append] <> 'appended';
        next_version := at_version[the_append] + 1;
        head_position := head_position + 1;
        head_recorded := greatest(head_recorded, coalesce(a_recorded[the_append], present));
        chained := sha256(head_hash || int4send(head_epoch) || int8send(head_position)
            || int8send((extract(epoch from head_recorded) * 1000000)::bigint) || digest);
        p_event := p_event || i;              p_position := p_position || head_position;
        p_version := p_version || next_version;  p_recorded := p_recorded || head_recorded;
        p_prev := p_prev || head_hash;        p_hash := p_hash || chained;
        head_hash := chained;
        at_version[the_append] := next_version;
        at_position[the_append] := head_position;
        at_recorded[the_append] := head_recorded;
    end loop;

    insert into events (position, epoch, event_id, stream_id, version, type, data, meta,
                        occurred_at, recorded_at, payload_digest, prev_hash, hash)
    select p.position, head_epoch, e.id, a_stream[e.append], p.version, e.type, e.data, e.meta,
           e.occurred, p.recorded, e.digest, p.prev, p.hash
      from unnest(e_append, e_id, e_type, e_data, e_meta, e_occurred, e_digest) with ordinality
           as e(append, id, type, data, meta, occurred, digest, number)
      join unnest(p_event, p_position, p_version, p_recorded, p_prev, p_hash)
           as p(event, position, version, recorded, prev, hash) on p.event = e.number;

    -- Not one upsert: nobody else is here, so what was expected is what is there, and an insert is cheaper.
    insert into streams (stream_id, version)
    select a.stream, at_version[a.number]
      from unnest(a_stream, a_expected, a_events) with ordinality a(stream, expected, events, number)
     where verdicts[a.number] = 'appended' and a.events > 0 and a.expected = 0;

    update streams s set version = at_version[a.number]
      from unnest(a_stream, a_expected, a_events) with ordinality a(stream, expected, events, number)
     where verdicts[a.number] = 'appended' and a.events > 0 and a.expected > 0 and s.stream_id = a.stream;

    insert into commands (command_id, request_digest, record_id, outcome, epoch, position, version, recorded_at)
    select a.command, a.digest, a.record, a.outcome, head_epoch, at_position[a.number],
           at_version[a.number], coalesce(at_recorded[a.number], present)
      from unnest(a_command, a_digest, a_record, a_outcome) with ordinality a(command, digest, record, outcome, number)
     where verdicts[a.number] = 'appended' and a.command is not null;

    return query
    select a.number::integer, verdicts[a.number], head_epoch, at_position[a.number],
           at_version[a.number], coalesce(at_recorded[a.number], present)
      from generate_series(1, cardinality(a_stream)) as a(number);
end $$;
comment on function append_batch is 'The only way in. One batch, one transaction, one round trip; waits its turn on append_lock.';
revoke all on function append_batch from public;
