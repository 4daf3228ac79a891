"""What holds once is remembered until it is over: for all replicas, and through restarts."""

from shared.migrate import run_sql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

create table used_once (
    digest bytea primary key,
    until timestamptz not null
);
comment on table used_once is 'Assertions of clients and the like that were taken; each holds once.';
comment on column used_once.digest is 'SHA-256 of what it is and the name it was given.';
comment on column used_once.until is 'When it is over by itself; soon after it is forgotten.';
create index used_once_by_time on used_once (until);
"""

GRANTS = """
do $$
declare app text := current_database() || '_app';
begin
    execute format('grant select, insert, delete on used_once to %I', app);
end
$$;
"""


def upgrade() -> None:
    run_sql(TABLES + GRANTS)


def downgrade() -> None:
    run_sql("drop table used_once")
