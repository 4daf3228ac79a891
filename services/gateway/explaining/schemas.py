"""What is told of why somebody sees a record."""

from typing import Annotated

from pydantic import Field

from services.gateway.explaining.why import Rule
from services.gateway.partner_api.schemas_parts import Answer
from shared.contracts.event import Group
from shared.policy import WireLabel


class BecauseShown(Answer):
    """One thing the label asks of whoever reads."""

    rule: Rule
    needed: Annotated[
        list[str], Field(description="The level; any one of the audiences; the caveat.")
    ]
    held: Annotated[list[str], Field(description="What of it you hold.")]
    detail: str


class Readers(Answer):
    organisation: str
    people: Annotated[int, Field(description="How many of its people may see it now.")]


class PortionShown(Answer):
    """A field group. Of one that is withheld, only that it is: its label is not told either."""

    group: Group
    shown: bool
    label: WireLabel | None = None
    because: tuple[BecauseShown, ...] = ()
    readers: Annotated[
        list[Readers] | None, Field(description="Who may see it; for its owner only.")
    ] = None


class AccessShown(Answer):
    """Why you see a record, portion by portion; a group is read by who reads the base, too."""

    id: str
    owner: str
    portions: list[PortionShown]
