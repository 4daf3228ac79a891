"""What partners ask of commitments, as commands. A bare string is in the caller's language."""

from services.engagements.commitment_commands import (
    AcknowledgeCommitment,
    AmendCommitment,
    AssessCommitment,
    BreakCommitment,
    DisputeCommitment,
    GiveCommitment,
    NoteProgress,
    RelabelCommitment,
    RenegotiateCommitment,
    WithdrawCommitment,
)
from services.engagements.requests import UPDATED
from shared.api import commitments as api
from shared.api.common import LabelledRequest, Relabel, TextIn, as_text
from shared.api.engagements import Promised
from shared.contracts.commitments import CommitmentFields, Direction, Party
from shared.errors import invalid
from shared.ids import RecordId
from shared.labels_asked import LabelsAsked
from shared.principal import Principal
from shared.values import ExternalId, Text


def give(
    body: api.GiveCommitment | api.PutCommitment,
    external_ids: tuple[ExternalId, ...],
    principal: Principal,
) -> GiveCommitment:
    """Raises InvalidError when the other side is not named."""
    fields = _fields(body, principal, None)
    return GiveCommitment(fields, _labels(body), external_ids)


def promised(
    body: Promised, engagement_id: RecordId, counterpart: Party | None, principal: Principal
) -> GiveCommitment:
    """`counterpart`: the other side where the promise does not say. Raises as `give` does."""
    given = api.GiveCommitment(**dict(body), engagement_id=engagement_id)
    return GiveCommitment(_fields(given, principal, counterpart))


def amend(body: api.AmendCommitment | api.PutCommitment, principal: Principal) -> AmendCommitment:
    """Raises InvalidError when the other side is not named."""
    fields = _fields(body, principal, None)
    reason = _text(body.reason, principal.language) or UPDATED
    return AmendCommitment(fields, reason, _labels(body))


def note_progress(body: api.NoteProgress, language: str) -> NoteProgress:
    return NoteProgress(body.progress, _text(body.note, language))


def acknowledge(body: api.Acknowledge, language: str) -> AcknowledgeCommitment:
    return AcknowledgeCommitment(_text(body.note, language))


def dispute(body: api.Dispute, language: str) -> DisputeCommitment:
    return DisputeCommitment(as_text(body.text, language))


def break_(body: api.Break, language: str) -> BreakCommitment:
    return BreakCommitment(as_text(body.reason, language))


def renegotiate(body: api.Renegotiate, language: str) -> RenegotiateCommitment:
    return RenegotiateCommitment(
        reason=as_text(body.reason, language),
        due_at=body.due_at,
        what=_text(body.what, language),
        conditions=_text(body.conditions, language),
    )


def withdraw(body: api.Withdraw, language: str) -> WithdrawCommitment:
    return WithdrawCommitment(as_text(body.reason, language))


def assess(body: api.Assess, language: str) -> AssessCommitment:
    return AssessCommitment(_text(body.assessment, language))


def relabel(body: Relabel, engagement_id: RecordId | None, language: str) -> RelabelCommitment:
    return RelabelCommitment(_labels(body), _text(body.reason, language), engagement_id)


def _fields(
    body: api.CommitmentFields, principal: Principal, counterpart: Party | None
) -> CommitmentFields:
    language = principal.language
    by, to = _parties(body, Party(organisation_id=principal.organisation), counterpart)
    return CommitmentFields(
        direction=body.direction,
        what=as_text(body.what, language),
        by=by,
        to=to,
        due_at=body.due_at,
        conditions=_text(body.conditions, language),
        evidence_expected=_text(body.evidence_expected, language),
        formality=body.formality,
        engagement_id=body.engagement_id,
    )


def _parties(
    body: api.CommitmentFields, us: Party, counterpart: Party | None
) -> tuple[Party, Party]:
    """Who owes, and who is owed. Us when left out on our side; the other side must be known."""
    ours = body.direction is Direction.BY_US
    by = _party(body.by) or (us if ours else counterpart)
    to = _party(body.to) or (counterpart if ours else us)
    if by is None:
        raise invalid("/by", "required", "Say who promised it to you.")
    if to is None:
        raise invalid("/to", "required", "Say to whom you promised it.")
    return by, to


def _party(given: api.PartyIn | None) -> Party | None:
    return Party(**dict(given)) if given else None


def _text(value: TextIn | None, language: str) -> Text | None:
    return as_text(value, language) if value else None


def _labels(body: LabelledRequest | Relabel) -> LabelsAsked:
    return LabelsAsked(body.label, body.group_labels)
