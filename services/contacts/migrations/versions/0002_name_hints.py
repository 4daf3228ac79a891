"""Digests of organisations' names, to hint at duplicates."""

from shared.migrate import run_sql

revision = "0002"
down_revision = "0001"

TABLE = """
create table name_hints (
    digest    bytea not null,
    record_id text  not null,
    primary key (digest, record_id)
);
comment on table  name_hints           is 'Organisations of one name; a hint, never the truth.';
comment on column name_hints.digest    is 'Keyed digest of the folded name: names are sealed.';
comment on column name_hints.record_id is 'The organisation, spelled out.';
do $$
begin
    execute format('grant select, insert on name_hints to %I', current_database() || '_app');
end $$;
"""


def upgrade() -> None:
    run_sql(TABLE)
