"""Events may be laid into partitions."""

from shared.eventstore import schema

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    schema.upgrade("partitions")
