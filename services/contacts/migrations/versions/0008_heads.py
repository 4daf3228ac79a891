"""Signed heads of the chain, for witnesses."""

from shared.eventstore import schema

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    schema.upgrade("heads")
