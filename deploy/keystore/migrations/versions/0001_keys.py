"""A schema of keys for each deciding service, and a view of each for reporting.

Roles are the database's name with `_contacts`, `_engagements`, `_gateway` and `_reporting` behind it;
whoever makes the database makes them. Here they are only granted what they need.
"""

from string import Template

from shared.migrate import run_sql

revision = "0001"
down_revision = None

_FIRST = """
revoke all on schema public from public;
create schema readable;
comment on schema readable is 'What reporting may read: a view of each service''s keys.';
"""
_SERVICE = Template("""
create schema $service;
comment on schema $service is 'Keys of the service $service; no other service may look inside.';
create table $service.keys (
    subject      text        primary key,
    version      integer     not null,
    wrapped      bytea,
    created_at   timestamptz not null,
    destroyed_at timestamptz,
    check ((wrapped is null) = (destroyed_at is not null))
);
comment on table  $service.keys              is
    'One per record or person; destroying it erases what it sealed.';
comment on column $service.keys.subject      is 'The record''s or person''s id, spelled out.';
comment on column $service.keys.version      is 'Bound into everything sealed with the key.';
comment on column $service.keys.wrapped      is
    'Nonce and AES-256-GCM box under the service''s own key; null once destroyed.';
comment on column $service.keys.created_at   is 'When it was made (UTC).';
comment on column $service.keys.destroyed_at is 'When it was destroyed (UTC).';

create view readable.$service as select subject, version, wrapped, destroyed_at from $service.keys;
comment on view readable.$service is 'For reporting, which projects what these keys sealed.';

do $$grants$$
begin
    execute format('grant usage on schema $service to %I', current_database() || '_$service');
    execute format('grant select, insert on $service.keys to %I', current_database() || '_$service');
    execute format('grant update (wrapped, destroyed_at) on $service.keys to %I',
                   current_database() || '_$service');
    execute format('grant select on readable.$service to %I', current_database() || '_reporting');
end $$grants$$;
""")
_LAST = """
do $$
begin
    execute format('grant usage on schema readable to %I', current_database() || '_reporting');
end $$;
"""
_SERVICES = ("contacts", "engagements", "gateway")


def upgrade() -> None:
    run_sql(_FIRST)
    for service in _SERVICES:
        run_sql(_SERVICE.substitute(service=service))
    run_sql(_LAST)
