"""Leases of work that one process does at a time."""

from shared.eventstore import schema

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    schema.upgrade("leases")
