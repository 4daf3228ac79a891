"""Appends wait in a queue of their own, and look for conflicts only when there is one."""

from shared.eventstore import schema

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    schema.replace_append()
