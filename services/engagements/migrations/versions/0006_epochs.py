"""Restored databases adopt the stream's tail, or open another epoch; references may be read anew."""

from shared.eventstore import schema
from shared.migrate import run_sql

revision = "0006"
down_revision = "0005"

GRANT = """
do $$
declare app text := quote_ident(current_database() || '_app');
begin
    execute format('grant delete on reference_records to %s', app);
end $$;
"""


def upgrade() -> None:
    schema.upgrade("epochs")
    run_sql(GRANT)
