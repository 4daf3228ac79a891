"""Emergency access, as its events tell it; and which reads it alone made possible."""

from shared.migrate import run_sql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

create table emergency_access (
    record_id text primary key,
    version integer not null,
    account_id text not null,
    organisation_id text not null,
    caveats text[] not null,
    reason text not null,
    opened_at timestamptz not null,
    until timestamptz not null,
    closed_at timestamptz,
    closed_by text,
    finding text,
    reviewed_at timestamptz,
    reviewed_by text,
    note text
);
comment on table emergency_access is 'Caveats somebody opened for himself for some hours; made from events.';
comment on column emergency_access.record_id is 'The stream it is made from.';
comment on column emergency_access.version is 'Of the last event of the stream that is in the row.';
comment on column emergency_access.account_id is 'Who opened it, for himself.';
comment on column emergency_access.organisation_id is 'The organisation he acted for.';
comment on column emergency_access.caveats is 'What it opens.';
comment on column emergency_access.reason is 'Why, in his words.';
comment on column emergency_access.opened_at is 'Since when.';
comment on column emergency_access.until is 'When it ends by itself.';
comment on column emergency_access.closed_at is 'When it was ended before; null: it was not.';
comment on column emergency_access.closed_by is 'Who ended it.';
comment on column emergency_access.finding is 'What a security officer found: justified or not_justified.';
comment on column emergency_access.reviewed_at is 'When; null: nobody has looked at it yet.';
comment on column emergency_access.reviewed_by is 'Which security officer.';
comment on column emergency_access.note is 'In his words.';
create index emergency_access_by_account on emergency_access (account_id, until);

alter table read_log add column emergency_id text;
comment on column read_log.emergency_id is 'The emergency access it took; null: none.';
create index read_log_in_emergency on read_log (owner_id, position desc, number desc)
    where emergency_id is not null;
create index read_log_by_emergency on read_log (emergency_id, position desc, number desc)
    where emergency_id is not null;
"""

GRANTS = """
do $$
declare app text := current_database() || '_app';
begin
    execute format('grant select, insert, update, delete on emergency_access to %I', app);
end
$$;
"""


def upgrade() -> None:
    run_sql(TABLES + GRANTS)


def downgrade() -> None:
    run_sql("alter table read_log drop column emergency_id; drop table emergency_access")
