"""Epochs: a tail is adopted, or a new history opens."""

from shared.eventstore import schema

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    schema.upgrade("epochs")
