"""What partners may send about the release and the handling of a record of any kind."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.api.common import LabelledRequest, Relabel, Request, TextIn
from shared.contracts.records import Tag
from shared.ids import RecordId
from shared.values import Moment


class RequestRelease(Relabel):
    """The labels it should have, so that more people see it. Groups that are not named keep theirs."""

    at: Annotated[
        Moment | None,
        Field(description="From when on, by itself, once approved. Left out: when it is approved."),
    ] = None


class RequestExtract(Relabel):
    """The labels an extract is to have, or stricter ones. Groups that are not named keep the record's."""


class CheckExtract(Request):
    extract: Annotated[
        RecordId, Field(description="The extract that holds as the record stands now.")
    ]


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


class Schedule(LabelledRequest):
    """When its label changes by itself, as it should stand: what is left out no longer does.

    `label` and `group_labels` are those it has from `declassify_at` on.
    """

    declassify_at: Annotated[
        Moment | None, Field(description="From then on more people see it.")
    ] = None
    expires_at: Annotated[
        Moment | None, Field(description="From then on its owner alone sees it.")
    ] = None
