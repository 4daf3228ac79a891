"""Appends wait in a queue of their own, and look for conflicts only when there is one."""

from shared.eventstore import schema

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    schema.replace_append()
