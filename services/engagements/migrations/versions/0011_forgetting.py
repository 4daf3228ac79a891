"""Commands are forgotten once they are old."""

from shared.eventstore import schema

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    schema.upgrade("forgetting")
