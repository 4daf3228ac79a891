"""Viewing as others, as its events tell it; which session does so, and which reads were made so."""

from shared.migrate import run_sql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

create table viewings (
    record_id text primary key,
    version integer not null,
    account_id text not null,
    organisation_id text not null,
    audience text not null,
    began_at timestamptz not null,
    until timestamptz not null,
    left_at timestamptz
);
comment on table viewings is 'Who looked at what others see, and as whom; made from events.';
comment on column viewings.record_id is 'The stream it is made from.';
comment on column viewings.version is 'Of the last event of the stream that is in the row.';
comment on column viewings.account_id is 'Who looked.';
comment on column viewings.organisation_id is 'The organisation he acted for.';
comment on column viewings.audience is 'As whom: a community, or org: and the id of an organisation.';
comment on column viewings.began_at is 'Since when.';
comment on column viewings.until is 'When it ends by itself.';
comment on column viewings.left_at is 'When he went back before; null: he did not.';
create index viewings_by_account on viewings (account_id, began_at desc, record_id desc);

alter table sessions add column viewing_id text;
comment on column sessions.viewing_id is 'The viewing as others this session began last; null: none.';

alter table read_log add column viewing_id text;
comment on column read_log.viewing_id is 'The viewing as others in which it was read; null: in none.';
"""

GRANTS = """
do $$
declare app text := current_database() || '_app';
begin
    execute format('grant select, insert, update, delete on viewings to %I', app);
end
$$;
"""


def upgrade() -> None:
    run_sql(TABLES + GRANTS)


def downgrade() -> None:
    run_sql(
        "alter table read_log drop column viewing_id; alter table sessions drop column viewing_id;"
        " drop table viewings"
    )
