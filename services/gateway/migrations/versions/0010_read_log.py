"""Who was shown what: rows of the events `reads.noted`, for those who ask. The events are what proves it."""

from shared.migrate import run_sql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

create table read_log (
    position bigint not null,
    number integer not null,
    read_at timestamptz not null,
    record_id text not null,
    owner_id text not null,
    account_id text not null,
    organisation_id text not null,
    client text not null,
    way text not null,
    portions jsonb not null,
    primary key (position, number)
);
comment on table read_log is 'Who was shown what above the base level or with caveats; made from events.';
comment on column read_log.position is 'Of the event it is made from.';
comment on column read_log.number is 'Its place in that event.';
comment on column read_log.read_at is 'When it was shown.';
comment on column read_log.record_id is 'The record that was shown.';
comment on column read_log.owner_id is 'The organisation that owned the record then.';
comment on column read_log.account_id is 'The person who was shown it, or for whom a machine was.';
comment on column read_log.organisation_id is 'The organisation the person acted for.';
comment on column read_log.client is 'person:<account> or client:<client>.';
comment on column read_log.way is 'How: read, list, history, file, feed, webhook or page.';
comment on column read_log.portions is 'Field groups that were shown, each with its effective label then.';
create index read_log_by_record on read_log (record_id, position desc, number desc);
"""

GRANTS = """
do $$
declare app text := current_database() || '_app';
begin
    execute format('grant select, insert on read_log to %I', app);
end
$$;
"""


def upgrade() -> None:
    run_sql(TABLES + GRANTS)


def downgrade() -> None:
    run_sql("drop table read_log")
