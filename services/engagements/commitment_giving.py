"""A commitment's beginning, and what it may mention and be labelled, then and when it is amended."""

from collections.abc import Iterator

from services.engagements.commitment_commands import GiveCommitment, references_of
from shared.contracts.commitments import GROUPS, CommitmentFields, CommitmentGiven
from shared.contracts.event import Group, Labels
from shared.decider import Context
from shared.errors import FieldError, InvalidError, invalid
from shared.ids import Kind, RecordId
from shared.labels import from_json, join, to_json
from shared.labels_asked import LabelsAsked

_PARTIES = {
    "organisation_id": Kind.ORGANISATION,
    "person_id": Kind.PERSON,
    "post_id": Kind.POST,
}


def give(command: GiveCommitment, ctx: Context) -> CommitmentGiven:
    """Raises InvalidError, naming the field, for what leads nowhere and for labels too low."""
    fields = command.fields
    check_references(fields, None, command.guests, ctx)
    labels = command.labels.for_new(Kind.COMMITMENT, GROUPS[Kind.COMMITMENT], ctx)
    if command.labels.label is None:
        labels = _joined(labels, fields.engagement_id, ctx)
    check_floor(labels, fields.engagement_id, ctx)
    return CommitmentGiven(**dict(fields), labels=labels, external_ids=command.external_ids)


def relabels(asked: LabelsAsked, engagement_id: RecordId | None, ctx: Context) -> Labels:
    """The labels asked for. Raises InvalidError for one below that of where it was given."""
    labels = asked.for_known(GROUPS[Kind.COMMITMENT], ctx)
    check_floor(labels, engagement_id, ctx)
    return labels


def check_floor(labels: Labels, engagement_id: RecordId | None, ctx: Context) -> None:
    """What derives from a record is read by nobody who does not read that record."""
    source = ctx.references.get(engagement_id) if engagement_id else None
    if source is None or Group.BASE not in labels:
        return
    label = from_json(labels[Group.BASE])
    if join(label, source.label) != label:
        raise invalid(
            "/label",
            "label_below_engagement",
            "It was given at an engagement that fewer may see; use that engagement's label.",
        )


def check_references(
    fields: CommitmentFields,
    before: CommitmentFields | None,
    guests: frozenset[RecordId],
    ctx: Context,
) -> None:
    """Raises InvalidError naming each reference that is hidden, unknown, out of use or of another
    kind, which all answer alike. Ourselves, and what the commitment mentions already, may stay."""
    usable = {ctx.principal.organisation, *guests, *ctx.references}
    usable |= references_of(before) if before else set()
    wrong = tuple(
        FieldError(pointer, "unknown_reference", "There is no such record.")
        for pointer, other, kind in _mentions(fields)
        if other.kind is not kind or other not in usable
    )
    if wrong:
        raise InvalidError("Some references lead nowhere.", errors=wrong)


def _mentions(fields: CommitmentFields) -> Iterator[tuple[str, RecordId, Kind]]:
    for side, party in (("by", fields.by), ("to", fields.to)):
        for name, kind in _PARTIES.items():
            other: RecordId | None = getattr(party, name, None)
            if other:
                yield f"/{side}/{name}", other, kind
    if fields.engagement_id:
        yield "/engagement_id", fields.engagement_id, Kind.ENGAGEMENT


def _joined(labels: Labels, engagement_id: RecordId | None, ctx: Context) -> Labels:
    source = ctx.references.get(engagement_id) if engagement_id else None
    if source is None:
        return labels
    return {**labels, Group.BASE: to_json(join(from_json(labels[Group.BASE]), source.label))}
