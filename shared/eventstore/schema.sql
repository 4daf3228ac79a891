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
