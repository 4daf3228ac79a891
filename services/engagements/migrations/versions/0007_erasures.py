"""What was erased or spilled, and how far that went."""

from shared.eventstore import schema

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    schema.upgrade("erasures")
