"""Signed heads of the chain, for witnesses."""

from shared.eventstore import schema

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    schema.upgrade("heads")
