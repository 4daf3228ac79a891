"""Removals are found by the type of their events."""

from shared.eventstore import schema
from shared.migrate import run_sql

revision = "0008"
down_revision = "0007"

# Digests of names go with the names.
HINTS = """
do $$
begin
    execute format('grant delete on name_hints to %I', current_database() || '_app');
end $$;
"""


def upgrade() -> None:
    schema.upgrade("removals")
    run_sql(HINTS)
