"""People may be known to a provider, and sign in by its word."""

from shared.migrate import run_sql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

alter table access_accounts add column identities jsonb not null default '[]';
alter table access_accounts add column sessions_over_at timestamptz;
comment on column access_accounts.identities is 'By what providers know the person.';
comment on column access_accounts.sessions_over_at is 'Sessions opened before are over: a way in was taken.';
create index access_accounts_by_identity on access_accounts using gin (identities jsonb_path_ops);

alter table sessions add column proved_at timestamptz;
comment on column sessions.proved_at is 'When a provider last made sure of him; null: signed_in_at.';
"""


def upgrade() -> None:
    run_sql(TABLES)


def downgrade() -> None:
    run_sql(
        "alter table sessions drop column proved_at; "
        "alter table access_accounts drop column identities, drop column sessions_over_at"
    )
