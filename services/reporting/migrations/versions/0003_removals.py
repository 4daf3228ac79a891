"""What is being removed, and how far that has come."""

from shared.migrate import run_sql

revision = "0003"
down_revision = "0002"

TABLE = """
create table removals (
    record_id    text        primary key,
    source       text        not null,
    position     bigint      not null,
    ground       text        not null,
    subjects     text[]      not null,
    approved_at  timestamptz not null,
    destroyed_at timestamptz,
    refolded_at  timestamptz,
    done_at      timestamptz
);
comment on table  removals              is 'Removals, and how far each has come. Outlives generations.';
comment on column removals.record_id    is 'The record.';
comment on column removals.source       is 'The service that decided it.';
comment on column removals.position     is 'Position of the removal there.';
comment on column removals.ground       is 'erasure or spill.';
comment on column removals.subjects     is 'Whose keys were to be destroyed.';
comment on column removals.approved_at  is 'When the second person approved (UTC).';
comment on column removals.destroyed_at is 'When every service had said that no key is left (UTC).';
comment on column removals.refolded_at  is 'When the read model had been made anew without them (UTC).';
comment on column removals.done_at      is 'When nothing of it was left in this database''s files (UTC).';
do $$
declare
    projector text := quote_ident(regexp_replace(current_user, '_owner$', '_projector'));
    reader text := quote_ident(regexp_replace(current_user, '_owner$', '_reader'));
begin
    execute format('grant select, insert, update on removals to %s', projector);
    execute format('grant select on removals to %s', reader);
end $$;
"""


def upgrade() -> None:
    run_sql(TABLE)
