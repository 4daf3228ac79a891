"""What is told of why somebody sees a record, and of what others would see."""

from typing import Annotated, Any

from pydantic import Field

from services.gateway.explaining.why import Rule
from services.gateway.partner_api.schemas_parts import Answer
from shared.api.common import LabelledRequest, Request
from shared.contracts.event import Group
from shared.policy import WireLabel
from shared.values import Word


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


Audience = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        description="A community, or `org:` and an organisation: what somebody of it alone would get.",
    ),
]
HeldCaveats = Annotated[
    tuple[Word, ...], Field(max_length=16, description="Caveats that somebody holds.")
]


class PreviewRelease(LabelledRequest):
    """The labels the record would have; groups that are not named keep theirs."""

    audience: Audience
    caveats: HeldCaveats = ()


class ReachShown(Answer):
    """How many people of an organisation read a group: as it is, and as it would be."""

    group: Group
    organisation: str
    now: int
    then: int


class PreviewShown(Answer):
    """`record`: the view they would get; null: they would not learn that it is there."""

    id: str
    record: dict[str, Any] | None = None  # Any: a view of whichever kind
    kept_back: Annotated[list[Group], Field(description="Groups that you read and they would not.")]
    not_told: Annotated[
        list[Group],
        Field(description="Groups withheld from you: what they would get of these is not told."),
    ]
    reach: list[ReachShown]


class PreviewExtract(Request):
    """`extract`: what would be sent to make it, as `POST /v1/<kind>s` takes it, `extract_of` or not."""

    extract: dict[str, Any]  # Any: a request of whichever kind, checked by its service
    way: Annotated[
        str,
        Field(
            max_length=32,
            description="The last part of the address it would be sent to, where that is another"
            " than the plain one: `record_held`.",
        ),
    ] = ""
    audience: Audience
    caveats: HeldCaveats = ()


class FieldsShown(Answer):
    group: Group
    fields: list[str]


class NeedsShown(Answer):
    """Why it cannot be made yet."""

    code: str
    detail: str


class ExtractPreviewShown(Answer):
    """`record`: the view they would get; null: they would not learn that it is there."""

    of: str
    record: dict[str, Any] | None = None  # Any: a view of whichever kind
    kept_back: Annotated[
        list[Group], Field(description="Groups of the extract that they would not read.")
    ]
    left_behind: Annotated[
        list[FieldsShown], Field(description="What you read of the source, and it would not tell.")
    ]
    said_otherwise: Annotated[
        list[FieldsShown], Field(description="What it would tell in another way than the source.")
    ]
    not_told: Annotated[
        list[Group],
        Field(description="Groups of the source withheld from you: nothing of them goes along."),
    ]
    readers: Annotated[list[Readers], Field(description="How many people could read it.")]
    needs: Annotated[
        NeedsShown | None, Field(description="What has to be asked for first; null: nothing.")
    ] = None
