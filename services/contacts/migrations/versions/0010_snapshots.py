"""States of long streams are kept in short; appends are planned once."""

from shared.eventstore import schema

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    schema.upgrade("snapshots")
    schema.replace_append()
