"""Creates and upgrades the event store inside migrations, grants to the application's role included."""

from pathlib import Path

from shared.migrate import run_sql

# The application's role is named after the database: `<database>_app`.
GRANTS = """
do $$
declare app text := quote_ident(current_database() || '_app');
begin
    execute format('grant usage on schema public to %s', app);
    execute format('grant select on installation, epochs, events, streams, commands to %s', app);
    execute format('grant execute on function append_batch to %s', app);
end $$;
"""
_HERE = Path(__file__).parent


def create() -> None:
    """Called by a service's first revision."""
    run_sql(_read("schema.sql") + _read("append.sql") + GRANTS)


def upgrade(name: str) -> None:
    """Called by a service's later revisions: runs `upgrades/<name>.sql`, grants included."""
    run_sql(_read(f"upgrades/{name}.sql"))


def replace_append() -> None:
    """Called by a revision after `append.sql` changed: who calls the function notices nothing."""
    run_sql(_read("append.sql"))


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
