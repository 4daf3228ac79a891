"""People may sign in by passkeys: what each is, from events; how often it signed, which no event says."""

from shared.migrate import run_sql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

alter table access_accounts add column passkeys jsonb not null default '[]';
comment on column access_accounts.passkeys is 'Key pairs of the person''s devices.';
create index access_accounts_by_passkey on access_accounts using gin (passkeys jsonb_path_ops);

create table passkey_uses (
    passkey_id text primary key,
    sign_count bigint not null,
    used_at timestamptz not null
);
comment on table passkey_uses is 'How often each passkey has signed, by its own count.';
comment on column passkey_uses.passkey_id is 'As events name it.';
comment on column passkey_uses.sign_count is 'As the device counts; 0: it does not.';
comment on column passkey_uses.used_at is 'When somebody last signed in by it.';
"""

GRANTS = """
do $$
declare app text := current_database() || '_app';
begin
    execute format('grant select, insert, update on passkey_uses to %I', app);
end
$$;
"""


def upgrade() -> None:
    run_sql(TABLES + GRANTS)


def downgrade() -> None:
    run_sql("drop table passkey_uses; alter table access_accounts drop column passkeys")
