"""Events may be laid into partitions."""

from shared.eventstore import schema

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    schema.upgrade("partitions")
