"""The event store."""

from shared.eventstore.schema import create

revision = "0001"
down_revision = None


def upgrade() -> None:
    create()
