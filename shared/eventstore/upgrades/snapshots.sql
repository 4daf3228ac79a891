-- States of long streams, kept in short. A help, never the truth: empty the table at any time.

create table snapshots (
    stream_id text        primary key,
    fold      bytea       not null,
    version   integer     not null,
    position  bigint      not null,
    subjects  text[]      not null,
    body      bytea       not null,
    made_at   timestamptz not null
);
comment on table  snapshots           is 'Where a long stream led up to one of its events, so that loading it reads only what came after.';
comment on column snapshots.stream_id is 'The record''s id, spelled out.';
comment on column snapshots.fold      is 'Digest of the code that folded it; other code does not use it.';
comment on column snapshots.version   is 'Version of the event it stands at.';
comment on column snapshots.position  is 'That event''s position: nothing before it needs reading.';
comment on column snapshots.subjects  is 'Whose keys sealed what it holds. It cannot be opened once any of them is destroyed.';
comment on column snapshots.body      is 'The state, encrypted and bound to the stream and to the hash of the event.';
comment on column snapshots.made_at   is 'When it was made (UTC).';

do $$
declare app text := quote_ident(current_database() || '_app');
begin
    execute format('grant select, insert, update, delete on snapshots to %s', app);
end $$;
