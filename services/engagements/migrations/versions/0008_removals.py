"""Removals are found by the type of their events."""

from shared.eventstore import schema

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    schema.upgrade("removals")
