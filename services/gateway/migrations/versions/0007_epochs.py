"""Restored databases adopt the stream's tail, or open another epoch."""

from shared.eventstore import schema

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    schema.upgrade("epochs")
