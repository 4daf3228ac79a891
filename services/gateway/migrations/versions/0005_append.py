"""The event table in partitions, and snapshots of long streams."""

from shared.eventstore import schema

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    schema.upgrade("append")
