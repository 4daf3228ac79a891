"""Records whose label changes by itself are found by the type of their events."""

from shared.eventstore import schema

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    schema.upgrade("dates")
