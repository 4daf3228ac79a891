"""What partners may send about commitments and their attachments."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.api.common import LabelledRequest, NewRecord, Request, TextIn
from shared.contracts.commitments import Direction, Formality, Progress
from shared.ids import RecordId
from shared.values import Moment


class PartyIn(Request):
    """One of an organisation, a person and a post."""

    organisation_id: RecordId | None = None
    person_id: RecordId | None = None
    post_id: RecordId | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        given = (self.organisation_id, self.person_id, self.post_id)
        if len([one for one in given if one is not None]) != 1:
            raise ValueError("give one of organisation_id, person_id and post_id")
        return self


class CommitmentFields(LabelledRequest):
    """`by` owes it and `to` is owed it; whoever is left out and is "us" is your own organisation."""

    direction: Direction
    what: TextIn
    by: PartyIn | None = None
    to: PartyIn | None = None
    due_at: Moment | None = None
    conditions: TextIn | None = None
    evidence_expected: TextIn | None = None
    formality: Formality = Formality.VERBAL
    engagement_id: Annotated[RecordId | None, Field(description="Where it was given.")] = None


class GiveCommitment(CommitmentFields, NewRecord):
    pass


class AmendCommitment(CommitmentFields):
    """It was written down wrongly: all fields as they should stand. A new agreement is renegotiated."""

    reason: TextIn


class PutCommitment(CommitmentFields):
    reason: TextIn | None = None


class NoteProgress(Request):
    progress: Annotated[
        Progress, Field(description="0 not initiated, 1 minimal, 2 intermediate, 3 full.")
    ]
    note: TextIn | None = None


class Acknowledge(Request):
    note: TextIn | None = None


class Dispute(Request):
    text: TextIn


class Keep(Request):
    """Evidence in words or as attachments; neither is needed once the counterpart acknowledged it."""

    evidence: TextIn | None = None
    attachments: Annotated[tuple[RecordId, ...], Field(max_length=20)] = ()


class Break(Request):
    reason: TextIn


class Renegotiate(Request):
    """`due_at` as it should stand from now on (none: no day is set); the rest only when it changes."""

    due_at: Moment | None = None
    what: TextIn | None = None
    conditions: TextIn | None = None
    reason: TextIn


class Withdraw(Request):
    reason: TextIn


class Assess(Request):
    """What our own side makes of it; nothing clears it."""

    assessment: TextIn | None = None
