"""Commands are forgotten once they are old."""

from shared.eventstore import schema

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    schema.upgrade("forgetting")
