"""What engagements knows of other services' records: a small copy, followed from their stream."""

from shared.migrate import run_sql

revision = "0002"
down_revision = "0001"

TABLES = """
create table reference_records (
    id        text             primary key,
    kind      text             not null,
    owner     text             not null,
    status    text             not null,
    label     jsonb            not null,
    name      text,
    level     text,
    area      text,
    lat       double precision,
    lon       double precision,
    precision text
);
comment on table  reference_records           is 'Organisations and places that engagements may refer to.';
comment on column reference_records.id        is 'The record, spelled out.';
comment on column reference_records.kind      is 'organisation or place.';
comment on column reference_records.owner     is 'The organisation that registered it.';
comment on column reference_records.status    is 'active or retired.';
comment on column reference_records.label     is 'Its base label, canonical JSON.';
comment on column reference_records.name      is 'Places only; names of organisations are sealed.';
comment on column reference_records.level     is 'Places only: administrative level, settlement or site.';
comment on column reference_records.area      is 'Places only: p-code of the smallest area that holds it.';
comment on column reference_records.lat       is 'Places only: WGS 84 degrees.';
comment on column reference_records.lon       is 'Places only: WGS 84 degrees.';
comment on column reference_records.precision is 'Places only: how exact the point is.';

create table reference_names (
    folded   text not null,
    place_id text not null references reference_records (id) on delete cascade,
    primary key (folded, place_id)
);
comment on table  reference_names          is 'Every name a place goes by, folded for comparison.';
comment on column reference_names.folded   is 'NFKC, case-folded, single spaces.';
comment on column reference_names.place_id is 'The place, spelled out.';
create index reference_names_by_place on reference_names (place_id);

create table reference_checkpoints (
    source   text    primary key,
    epoch    integer not null,
    position bigint  not null
);
comment on table  reference_checkpoints          is 'How far each stream has been followed.';
comment on column reference_checkpoints.source   is 'The service whose stream it is.';
comment on column reference_checkpoints.epoch    is 'Epoch of the last event taken.';
comment on column reference_checkpoints.position is 'Position of the last event taken.';
insert into reference_checkpoints values ('contacts', 0, 0);

do $$
declare app text := quote_ident(current_database() || '_app');
begin
    execute format('grant select, insert, update on reference_records to %s', app);
    execute format('grant select, insert, delete on reference_names to %s', app);
    execute format('grant select, update on reference_checkpoints to %s', app);
end $$;
"""


def upgrade() -> None:
    run_sql(TABLES)
