"""People's names are hinted at like organisations'."""

from shared.migrate import run_sql

revision = "0003"
down_revision = "0002"

COMMENTS = """
comment on table  name_hints           is 'Records that bear one name; a hint, never the truth.';
comment on column name_hints.record_id is 'The organisation or person, spelled out.';
"""


def upgrade() -> None:
    run_sql(COMMENTS)
