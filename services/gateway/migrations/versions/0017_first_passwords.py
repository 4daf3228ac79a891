"""A password that somebody was given holds for days, so that it becomes nobody's own."""

from shared.migrate import run_sql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COLUMN = """
set local lock_timeout = '5s';

alter table credentials add column holds_until timestamptz;
comment on column credentials.holds_until is 'Of a password that was given; null: until another is set.';
"""


def upgrade() -> None:
    run_sql(COLUMN)


def downgrade() -> None:
    run_sql("alter table credentials drop column holds_until")
