"""Appends in fewer statements, and fewer indexes to keep."""

from shared.eventstore import schema

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    schema.replace_append()
    schema.upgrade("command_age")
