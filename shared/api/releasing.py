"""What partners may send about the release and the handling of a record of any kind."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.api.common import Relabel, Request, TextIn
from shared.contracts.records import Tag
from shared.ids import RecordId


class RequestRelease(Relabel):
    """The labels it should have, so that more people see it. Groups that are not named keep theirs."""


class ReleaseNote(Request):
    note: TextIn | None = None


class RefuseRelease(Request):
    reason: TextIn | None = None


class WithdrawRelease(Request):
    pass


class Mark(Request):
    """How it is to be handled, as it should stand: what is left out is taken back."""

    tags: Annotated[tuple[Tag, ...], Field(max_length=8)] = ()
    originator: Annotated[
        RecordId | None, Field(description="Whose information it is, where not the owner's.")
    ] = None
    originator_control: Annotated[
        bool, Field(description="Nobody releases it further without the originator.")
    ] = False
    review_on: date | None = None
