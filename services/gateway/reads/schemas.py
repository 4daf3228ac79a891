"""What the owner of a record is told of who has seen it."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.gateway.partner_api.schemas_parts import Answer
from shared.contracts.reads import Way
from shared.policy import WireLabel


class ReadShown(Answer):
    """One look at a record. Within ten minutes the same look at the same content is told once."""

    at: Annotated[datetime, Field(description="When it was shown.")]
    way: Annotated[Way, Field(description="How it was shown.")]
    organisation: Annotated[str, Field(description="For which organisation.")]
    account: Annotated[str, Field(description="Which account of it.")]
    name: Annotated[
        str | None, Field(description="Whose it is; of your own organisation's people only.")
    ]
    client: Annotated[str, Field(description="By which machine client, or in person.")]
    groups: Annotated[
        list[str], Field(description="Field groups that were shown, of those you may see.")
    ]
    label: Annotated[
        WireLabel, Field(description="Of this entry: what was shown, for the owner alone.")
    ]


class SeenShown(ReadShown):
    emergency: Annotated[
        str | None, Field(description="The emergency access it took, if it took any.")
    ] = None
    viewed_as: Annotated[
        str | None,
        Field(description="The audience as one of which the person was looking, if as any."),
    ] = None


class ReadsShown(Answer):
    items: list[SeenShown]
    next_cursor: str | None = None
