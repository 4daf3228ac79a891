"""Parts of requests that every kind shares."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Group
from shared.contracts.removals import Ground
from shared.ids import RecordId
from shared.policy import WireLabel
from shared.values import ExternalId, Name, ShortWords, Text, Words

TextIn = Annotated[Text | Words, Field(description="A bare string is in the caller's language.")]
NameIn = Annotated[
    Name | ShortWords, Field(description="A bare string is a name in the caller's language.")
]


class Request(BaseModel):
    """Frozen, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LabelledRequest(Request):
    """A request that may say who the record is for. Without a label the mission's default holds.

    `group_labels` narrows single field groups further; each is joined with the record's own label.
    """

    label: WireLabel | None = None
    group_labels: dict[Group, WireLabel] = {}


class NewRecord(Request):
    external_ids: Annotated[tuple[ExternalId, ...], Field(max_length=20)] = ()
    extract_of: Annotated[
        RecordId | None,
        Field(
            description="The record of yours, of the same kind, that this is an extract of: edited, for"
            " more people. Only who reads that record learns of it."
        ),
    ] = None


class Relabel(Request):
    """New labels, effective at once. Groups that are not named keep theirs."""

    label: WireLabel | None = None
    group_labels: dict[Group, WireLabel] = {}
    reason: TextIn | None = None


class WithReason(Request):
    reason: TextIn | None = None


class AskRemoval(Request):
    """What the record holds is to go for good, once a second person approves: `erasure` for a person's sake,
    `spill` when it should never have stood here."""

    ground: Ground
    reason: TextIn


class Merge(Request):
    """This record is the same as `into`, which goes on; it can be undone."""

    into: RecordId
    reason: TextIn | None = None


def as_text(value: Text | str, language: str) -> Text:
    return value if isinstance(value, Text) else Text(text=value, lang=language)


def as_name(value: Name | str, language: str) -> Name:
    return value if isinstance(value, Name) else Name(text=value, lang=language)
