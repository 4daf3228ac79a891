"""Restored databases adopt the stream's tail, or open another epoch."""

from shared.eventstore import schema

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    schema.upgrade("epochs")
