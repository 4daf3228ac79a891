-- What outlives a generation of the read model. Run once by the first migration, as the owner.
-- Three roles: the owner migrates, the projector writes, the reader selects under row security.

revoke all on schema public from public;

do $$
declare
    missing text := (select string_agg(name, ', ') from unnest(array['pg_trgm', 'unaccent', 'fuzzystrmatch']) name
                      where not exists (select from pg_extension where extname = name));
begin
    if missing is not null then
        raise exception 'this database lacks the extensions %, which search needs: create them in schema public', missing;
    end if;
end $$;

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
comment on column installation.site       is 'The site whose events are read here.';
comment on column installation.exercise   is 'Whether everything here is EXERCISE.';
comment on column installation.created_at is 'When the installation was made (UTC).';

create table generations (
    only_row boolean primary key default true check (only_row),
    active   integer not null
);
comment on table  generations          is 'Which schema (g1, g2, ...) holds the read model that is served.';
comment on column generations.only_row is 'Keeps the table at one row.';
comment on column generations.active   is 'The generation served; a request reads it once, a projector locks it.';

create table label_ids (
    label_id integer primary key generated always as identity,
    digest   bytea   not null unique,
    label    jsonb   not null
);
comment on table  label_ids          is 'Distinct labels as small numbers, which are never used again for another label.';
comment on column label_ids.label_id is 'Its place in a reader''s bit string.';
comment on column label_ids.digest   is 'sha256 of the canonical JSON.';
comment on column label_ids.label    is 'The label as shared/labels.py writes it.';

create table checkpoints (
    projection text    not null,
    source     text    not null,
    epoch      integer not null,
    position   bigint  not null,
    primary key (projection, source)
);
comment on table  checkpoints            is 'How far each projection has read each source; moved by compare-and-swap with its tables.';
comment on column checkpoints.projection is 'Its name, the generation''s number included.';
comment on column checkpoints.source     is 'The service whose events it reads.';
comment on column checkpoints.epoch      is 'Epoch of the last event read; 0 before the first.';
comment on column checkpoints.position   is 'Position of the last event read.';

create table overrides (
    record_id text    not null,
    grp       text    not null,
    label_id  integer not null references label_ids,
    version   integer not null,
    primary key (record_id, grp)
);
comment on table  overrides           is 'New labels the main projection has not reached: whoever fails one of these does not read.';
comment on column overrides.record_id is 'The relabelled record.';
comment on column overrides.grp       is 'The field group; a label of base covers all of them.';
comment on column overrides.label_id  is 'The group''s own new label, not joined with the base''s.';
comment on column overrides.version   is 'The record''s source version from which it holds; void once the record is there.';

create table changes (
    source            text        not null,
    epoch             integer     not null,
    position          bigint      not null,
    ordinal           integer     not null,
    record_id         text        not null,
    kind              text        not null,
    grp               text        not null,
    label_id          integer     not null references label_ids,
    previous_label_id integer     references label_ids,
    version           integer     not null,
    recorded_at       timestamptz not null,
    written_at        timestamptz not null default now(),
    primary key (source, position, ordinal)
);
comment on table  changes                   is 'The feed: what changed in the views, in the order of each source.';
comment on column changes.source            is 'The service that decided it.';
comment on column changes.epoch             is 'Epoch of the event.';
comment on column changes.position          is 'Position of the event in its source.';
comment on column changes.ordinal           is 'Counts the groups one event changed.';
comment on column changes.record_id         is 'The record that changed.';
comment on column changes.kind              is 'Its kind.';
comment on column changes.grp               is 'The field group that changed.';
comment on column changes.label_id          is 'The group''s effective label after the change.';
comment on column changes.previous_label_id is 'Its effective label before; null when the group is new.';
comment on column changes.version           is 'The record''s source version.';
comment on column changes.recorded_at       is 'When the event was recorded (UTC).';
comment on column changes.written_at        is 'When it came into this log (UTC); it stays at least 14 days from then.';

create index on changes (written_at);

create table change_floors (
    source   text   primary key,
    position bigint not null
);
comment on table  change_floors          is 'Where the log of changes begins; a reader from before is told to start over.';
comment on column change_floors.source   is 'The service.';
comment on column change_floors.position is 'Changes up to this position are no longer in the log.';

create function readable_bits() returns bytea language sql stable as
$$ select decode(nullif(current_setting('parley.bits', true), ''), 'hex') $$;
comment on function readable_bits is 'The labels the present reader may read, from his session; null when nobody said, and null reads nothing.';

create function as_of() returns timestamptz language sql stable as
$$ select nullif(current_setting('parley.as_of', true), '')::timestamptz $$;
comment on function as_of is 'The moment as of which the present session reads; null when it reads the present.';

alter table changes enable row level security;
alter table changes force row level security;
