"""What services need to leave no copy of a destroyed key, and to say that they did."""

from string import Template

from shared.migrate import run_sql

revision = "0002"
down_revision = "0001"

# Statistics would keep samples of keys beside the table.
_SERVICE = Template("""
alter table $service.keys add column scrubbed_at timestamptz;
comment on column $service.keys.scrubbed_at is
    'When no copy of the destroyed key was left in this database''s files (UTC).';
alter table $service.keys alter column wrapped set statistics 0;
create or replace view readable.$service as
    select subject, version, wrapped, destroyed_at, scrubbed_at, created_at
      from $service.keys;
do $$grants$$
begin
    execute format('grant update (scrubbed_at) on $service.keys to %I',
                   current_database() || '_$service');
    execute format('grant maintain on $service.keys to %I', current_database() || '_$service');
end $$grants$$;
""")
_SERVICES = ("contacts", "engagements", "gateway")


def upgrade() -> None:
    for service in _SERVICES:
        run_sql(_SERVICE.substitute(service=service))
