"""Access is decided by events; its tables are made from them, and hashes stand apart.

The tables of the release before stay as they are, for it may still be serving; what they held is ordered anew
when this release first starts. Its foreign keys go: whoever is enrolled from now on is not in them.
"""

from shared.migrate import run_sql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

alter table sessions drop constraint sessions_account_id_fkey;
alter table saved_views drop constraint saved_views_account_id_fkey;
alter table home_views drop constraint home_views_account_id_fkey;

create table access_partners (
    record_id text primary key,
    version integer not null,
    organisation_id text not null unique,
    name text not null,
    level text not null,
    suspended boolean not null
);
comment on table access_partners is 'Organisations whose people may be let in; made from events.';
comment on column access_partners.record_id is 'The stream it is made from.';
comment on column access_partners.version is 'Of the last event of the stream that is in the row.';
comment on column access_partners.organisation_id is 'The record id of the organisation.';
comment on column access_partners.name is 'What administrators call it.';
comment on column access_partners.level is 'The ceiling of everybody who acts for it.';
comment on column access_partners.suspended is 'Whether nobody of it is let in.';

create table access_accounts (
    account_id text primary key,
    record_id text not null unique,
    version integer not null,
    username text not null unique,
    display_name text not null,
    organisation_id text not null,
    language text not null,
    level text not null,
    grants jsonb not null,
    password_id text,
    password_set_at timestamptz,
    suspended boolean not null
);
comment on table access_accounts is 'People who may sign in, and what each may see and do; made from events.';
comment on column access_accounts.account_id is 'The subject that events name as their author.';
comment on column access_accounts.record_id is 'The stream it is made from.';
comment on column access_accounts.version is 'Of the last event of the stream that is in the row.';
comment on column access_accounts.username is 'What the person types to sign in.';
comment on column access_accounts.display_name is 'What pages call the person.';
comment on column access_accounts.organisation_id is 'The record id of the organisation the person acts for.';
comment on column access_accounts.language is 'BCP 47.';
comment on column access_accounts.level is 'The highest level the person may see, by its id in the policy.';
comment on column access_accounts.grants is 'Roles, communities and caveats: why, by whom, until when.';
comment on column access_accounts.password_id is 'Which credential is the password; null: none.';
comment on column access_accounts.password_set_at is 'Sessions opened before are over.';
comment on column access_accounts.suspended is 'Whether nothing is accepted from the person.';

create table access_clients (
    client_id text primary key,
    record_id text not null unique,
    version integer not null,
    account_id text not null,
    name text not null,
    level text not null,
    credentials jsonb not null,
    suspended boolean not null
);
comment on table access_clients is 'Machine clients, each acting for one person; made from events.';
comment on column access_clients.client_id is 'OAuth 2.0 client identifier.';
comment on column access_clients.record_id is 'The stream it is made from.';
comment on column access_clients.version is 'Of the last event of the stream that is in the row.';
comment on column access_clients.account_id is 'The person it acts for.';
comment on column access_clients.name is 'What administrators call it.';
comment on column access_clients.level is 'Its own ceiling; the lower of it and the person''s holds.';
comment on column access_clients.credentials is 'Secrets by id, public keys as JWK, each with its end.';
comment on column access_clients.suspended is 'Whether nothing is accepted from the client.';
create index access_clients_by_account on access_clients (account_id);

create table credentials (
    credential_id text primary key,
    secret_hash text not null
);
comment on table credentials is 'Hashes of passwords and secrets, apart from the events that name them.';
comment on column credentials.credential_id is 'As events name it.';
comment on column credentials.secret_hash is 'argon2id.';

create table access_followed (
    one boolean primary key default true check (one),
    position bigint not null
);
comment on table access_followed is 'How far the access tables have taken in the events; one row.';
comment on column access_followed.one is 'Always true.';
comment on column access_followed.position is 'Of the last event taken in.';
insert into access_followed (position) values (0);
"""

GRANTS = """
do $$
declare app text := current_database() || '_app';
begin
    execute format('grant select, insert, update, delete on access_partners, access_accounts, access_clients
        to %I', app);
    execute format('grant select, insert, delete on credentials to %I', app);
    execute format('grant select, update on access_followed to %I', app);
end
$$;
"""


def upgrade() -> None:
    run_sql(TABLES + GRANTS)
