"""People, their clients and sessions: plain tables of the gateway's own."""

from shared.migrate import run_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

create table accounts (
    account_id text primary key,
    username text not null unique,
    display_name text not null,
    organisation_id text not null,
    roles text[] not null,
    communities text[] not null,
    caveats text[] not null,
    level text not null,
    language text not null default 'en',
    password_hash text not null,
    policy_epoch integer not null default 1,
    disabled_at timestamptz
);
comment on table accounts is 'People who may sign in, and what each may see and do.';
comment on column accounts.account_id is 'The subject that events name as their author.';
comment on column accounts.username is 'What the person types to sign in.';
comment on column accounts.display_name is 'What pages call the person.';
comment on column accounts.organisation_id is 'The record id of the organisation the person acts for.';
comment on column accounts.roles is 'What the person may do (shared/roles.py).';
comment on column accounts.communities is 'Communities of the mission policy.';
comment on column accounts.caveats is 'Caveats of the mission policy the person holds.';
comment on column accounts.level is 'The highest level the person may see, by its id in the policy.';
comment on column accounts.language is 'BCP 47.';
comment on column accounts.password_hash is 'argon2id.';
comment on column accounts.policy_epoch is 'Grows with every change to what the person may see or do.';
comment on column accounts.disabled_at is 'Since when nothing is accepted from the person; null: accepted.';

create table clients (
    client_id text primary key,
    account_id text not null references accounts,
    level text not null,
    secret_hash text not null,
    disabled_at timestamptz
);
comment on table clients is 'Machine clients; each acts for one person and never sees more.';
comment on column clients.client_id is 'OAuth 2.0 client identifier.';
comment on column clients.account_id is 'The person it acts for.';
comment on column clients.level is 'The client''s own ceiling; the lower of it and the person''s holds.';
comment on column clients.secret_hash is 'argon2id.';
comment on column clients.disabled_at is 'Since when nothing is accepted from the client; null: accepted.';
create index clients_by_account on clients (account_id);

create table sessions (
    session_digest bytea primary key,
    account_id text not null references accounts,
    signed_in_at timestamptz not null,
    last_seen_at timestamptz not null,
    ends_at timestamptz not null
);
comment on table sessions is 'People signed in with a browser.';
comment on column sessions.session_digest is 'SHA-256 of the cookie; the cookie itself is kept nowhere.';
comment on column sessions.account_id is 'Who is signed in.';
comment on column sessions.signed_in_at is 'When the password was given.';
comment on column sessions.last_seen_at is 'Of the last request, to within a minute.';
comment on column sessions.ends_at is 'When the session ends however busy it is.';
create index sessions_by_account on sessions (account_id);

create table sign_in_failures (
    counted text not null,
    failed_at timestamptz not null
);
comment on table sign_in_failures is 'Failed sign-ins of the last while, to slow down guessing.';
comment on column sign_in_failures.counted is 'A digest of the account name or of the address.';
comment on column sign_in_failures.failed_at is 'When.';
create index sign_in_failures_by_time on sign_in_failures (counted, failed_at);
"""

GRANTS = """
do $$
declare app text := current_database() || '_app';
begin
    execute format('grant select, insert, update on accounts, clients to %I', app);
    execute format('grant select, insert, update, delete on sessions, sign_in_failures to %I', app);
end
$$;
"""


def upgrade() -> None:
    run_sql(TABLES + GRANTS)


def downgrade() -> None:
    run_sql("drop table sign_in_failures, sessions, clients, accounts")
