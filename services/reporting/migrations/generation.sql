-- One generation of the read model; {g} is its schema. Rebuilt, never migrated.

create schema {g};
comment on schema {g} is 'A generation of the read model: a fold of all events up to its checkpoints.';

create table {g}.records (
    record_id      text             primary key,
    kind           text             not null,
    source         text             not null,
    owner          text             not null,
    title          text,
    title_key      text             not null,
    status         text             not null,
    type           text             not null,
    label_id       integer          not null,
    place_id       text,
    area           text,
    unplaced       boolean          not null,
    lat            double precision,
    lon            double precision,
    precision      text,
    starts_at      timestamptz,
    ends_at        timestamptz,
    recorded_at    timestamptz      not null,
    updated_at     timestamptz      not null,
    source_version integer          not null,
    base_version   integer          not null,
    exercise       boolean          not null,
    doc            jsonb            not null,
    search         tsvector         not null
);
comment on table  {g}.records                is 'One row per record: its base group only.';
comment on column {g}.records.record_id      is 'The record''s id, spelled out.';
comment on column {g}.records.kind           is 'Its kind.';
comment on column {g}.records.source         is 'The service that decides about it.';
comment on column {g}.records.owner          is 'The organisation that registered it.';
comment on column {g}.records.title          is 'What lists call it; null when its key was destroyed.';
comment on column {g}.records.title_key      is 'The title without case and accents, to sort by.';
comment on column {g}.records.status         is 'Where it stands.';
comment on column {g}.records.type           is 'Type of engagement, kind of organisation, or level of place.';
comment on column {g}.records.label_id       is 'Label of the base group.';
comment on column {g}.records.place_id       is 'The gazetteer''s place, if it is linked to one.';
comment on column {g}.records.area           is 'P-code of the smallest area known to hold it.';
comment on column {g}.records.unplaced       is 'An engagement that is linked to no place yet.';
comment on column {g}.records.lat            is 'Coarse point: WGS 84 degrees.';
comment on column {g}.records.lon            is 'Coarse point: WGS 84 degrees.';
comment on column {g}.records.precision      is 'How exact the coarse point is.';
comment on column {g}.records.starts_at      is 'When it starts (UTC).';
comment on column {g}.records.ends_at        is 'When it ends (UTC).';
comment on column {g}.records.recorded_at    is 'When its first event was recorded (UTC).';
comment on column {g}.records.updated_at     is 'When its base group last changed (UTC).';
comment on column {g}.records.source_version is 'Version of the last event, of any group: for comparing, never shown.';
comment on column {g}.records.base_version   is 'Version of the last event that changed the base group.';
comment on column {g}.records.exercise       is 'Whether it is EXERCISE.';
comment on column {g}.records.doc            is 'The fields of the base group.';
comment on column {g}.records.search         is 'Words of the base group, without case and accents.';

create table {g}.portions (
    record_id    text        not null,
    grp          text        not null,
    label_id     integer     not null,
    own_label_id integer     not null,
    doc          jsonb,
    lat          double precision,
    lon          double precision,
    updated_at   timestamptz not null,
    version      integer     not null,
    search       tsvector    not null,
    primary key (record_id, grp)
);
comment on table  {g}.portions              is 'The other field groups of every record: a row each, with or without content.';
comment on column {g}.portions.record_id    is 'The record.';
comment on column {g}.portions.grp          is 'The field group.';
comment on column {g}.portions.label_id     is 'Effective label: the base''s joined with the group''s own.';
comment on column {g}.portions.own_label_id is 'The group''s own label.';
comment on column {g}.portions.doc          is 'Its fields; null when it has none.';
comment on column {g}.portions.lat          is 'Exact point, WGS 84 degrees, if the group holds one.';
comment on column {g}.portions.lon          is 'Exact point, WGS 84 degrees, if the group holds one.';
comment on column {g}.portions.updated_at   is 'When the group last changed (UTC).';
comment on column {g}.portions.version      is 'Version of the last event that changed it.';
comment on column {g}.portions.search       is 'Its words, without case and accents.';

create table {g}.versions (
    record_id   text        not null,
    version     integer     not null,
    grp         text        not null,
    event_type  text        not null,
    position    bigint      not null,
    recorded_at timestamptz not null,
    by_org      text        not null,
    trace_id    text        not null,
    label_id    integer     not null,
    after       jsonb       not null,
    primary key (record_id, version, grp)
);
comment on table  {g}.versions             is 'History: for each event and group it changed, what it became.';
comment on column {g}.versions.record_id   is 'The record.';
comment on column {g}.versions.version     is 'Version of the event.';
comment on column {g}.versions.grp         is 'The group it changed.';
comment on column {g}.versions.event_type  is 'What happened.';
comment on column {g}.versions.position    is 'Position in its source.';
comment on column {g}.versions.recorded_at is 'When it was recorded (UTC).';
comment on column {g}.versions.by_org      is 'The organisation of whoever did it.';
comment on column {g}.versions.trace_id    is 'W3C trace id of the request that caused it, for following it through the logs.';
comment on column {g}.versions.label_id    is 'Effective label of the group at that version.';
comment on column {g}.versions.after       is 'The changed fields as they became; what they were before is in earlier versions.';

create table {g}.edges (
    from_id    text        not null,
    to_id      text        not null,
    kind       text        not null,
    grp        text        not null,
    label_id   integer     not null,
    known_from timestamptz not null,
    primary key (from_id, to_id, kind, grp)
);
comment on table  {g}.edges          is 'Who refers to whom. Shown only when both ends are readable.';
comment on column {g}.edges.from_id  is 'The record that says so.';
comment on column {g}.edges.to_id    is 'The record it refers to.';
comment on column {g}.edges.kind     is 'How: participant, place, affiliation, parent.';
comment on column {g}.edges.grp      is 'The group that says so.';
comment on column {g}.edges.label_id is 'That group''s effective label.';
comment on column {g}.edges.known_from is 'When the group that says so last changed (UTC).';

create index on {g}.records (kind, (coalesce(starts_at, '-infinity')), record_id);
create index on {g}.records (kind, title_key, record_id);
create index on {g}.records (recorded_at, record_id);
create index on {g}.records (updated_at, record_id);
-- For areas of any kind, too: kinds are few, and are skipped over.
create index records_kind_area on {g}.records (kind, area, record_id) where area is not null;
create index on {g}.records ((doc #>> '{marked,review_on}'), record_id)
    where doc #>> '{marked,review_on}' is not null;
create index on {g}.records using gin (search);
create index on {g}.portions using gin (search);
create index on {g}.edges (to_id);
create index edges_extracts on {g}.edges (to_id) where kind = 'extract';
