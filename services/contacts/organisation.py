"""The rules of an organisation.

| command  | absent                 | active                | retired             | merged            |
|----------|------------------------|-----------------------|---------------------|-------------------|
| register | registered (+ retired) | Rejected              | Rejected            | Rejected          |
| amend    | NotFound               | (relabelled +)        | the same; Rejected  | Rejected, unless  |
|          |                        | amended (+ retired)   | unless it stays so  | it changes nothing|
| alias    | NotFound               | alias added           | Rejected            | Rejected          |
| merge    | NotFound               | merged                | merged              | nothing; Rejected |
|          |                        |                       |                     | into another      |
| unmerge  | NotFound               | nothing               | nothing             | unmerged          |
| retire   | NotFound               | retired               | nothing             | Rejected          |
| relabel  | NotFound               | relabelled            | relabelled          | Rejected          |

What would change nothing makes no event, so that an import can be repeated.
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from services.contacts.merging import Merger, Status, merged_away, merged_labels
from shared.contracts.contacts import (
    GROUPS,
    OrganisationAliasAdded,
    OrganisationAmended,
    OrganisationEvent,
    OrganisationFields,
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationRelabelled,
    OrganisationRetired,
    OrganisationUnmerged,
)
from shared.contracts.event import Labels, fields_of
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError, invalid
from shared.ids import Kind, RecordId
from shared.labels_asked import NOTHING_ASKED, LabelsAsked
from shared.roles import Action
from shared.values import ExternalId, Name, Text


@dataclass(frozen=True, slots=True)
class RegisterOrganisation:
    fields: OrganisationFields
    labels: LabelsAsked = NOTHING_ASKED
    external_ids: tuple[ExternalId, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class AmendOrganisation:
    """All amendable fields as they should stand. `retired`: it is, or is to be, retired."""

    fields: OrganisationFields
    labels: LabelsAsked = NOTHING_ASKED
    retired: bool = False


@dataclass(frozen=True, slots=True)
class AddAlias:
    alias: Name


@dataclass(frozen=True, slots=True)
class MergeOrganisation:
    """`itself` and `into` are the same; `into` goes on."""

    itself: RecordId
    into: RecordId
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class UnmergeOrganisation:
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class RetireOrganisation:
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class RelabelOrganisation:
    labels: LabelsAsked
    reason: Text | None = None


Command = (
    RegisterOrganisation
    | AmendOrganisation
    | AddAlias
    | MergeOrganisation
    | UnmergeOrganisation
    | RetireOrganisation
    | RelabelOrganisation
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """`fields` and `labels` are kept only to see whether a command would change anything."""

    status: Status = Status.ABSENT
    fields: OrganisationFields | None = None
    labels: Labels = field(default_factory=dict)
    merger: Merger | None = None


def decide(state: Organisation, command: Command, ctx: Context) -> list[OrganisationEvent]:  # noqa: C901, PLR0912 - one arm per rule
    match state.status, command:
        case Status.ABSENT, RegisterOrganisation():
            return _register(command, ctx)
        case _, RegisterOrganisation():
            raise RejectedError("This organisation is registered already.")
        case Status.ABSENT, _:
            raise NotFoundError
        case _, AmendOrganisation():
            return _amend(state, command, ctx)
        case _, UnmergeOrganisation(reason):
            merger = state.merger
            return [OrganisationUnmerged(labels=merger.labels, reason=reason)] if merger else []
        case Status.MERGED, _:
            return _already_merged(state, command)
        case Status.ACTIVE, AddAlias(alias):
            return [] if alias in _known_names(state) else [OrganisationAliasAdded(alias=alias)]
        case _, AddAlias():
            raise RejectedError("A retired organisation takes no new names.")
        case _, MergeOrganisation():
            labels = merged_labels(state.labels, command.itself, command.into, ctx)
            return [OrganisationMerged(labels=labels, into=command.into, reason=command.reason)]
        case Status.ACTIVE, RetireOrganisation(reason):
            return [OrganisationRetired(reason=reason)]
        case _, RetireOrganisation():
            return []  # a client's retry must be harmless
        case _, RelabelOrganisation(asked, reason):
            return _relabel(state, asked, reason, ctx)
        case _:
            # mypy cannot subtract pairs; the table's test goes through all of them.
            raise AssertionError(f"{state.status} x {type(command).__name__} is not in the table")


def evolve(state: Organisation, event: OrganisationEvent) -> Organisation:
    match event:
        case OrganisationRegistered():
            fields = fields_of(event, OrganisationFields)
            return Organisation(Status.ACTIVE, fields, event.labels)
        case OrganisationAmended():
            return replace(state, fields=fields_of(event, OrganisationFields))
        case OrganisationAliasAdded(alias=alias):
            known = _known(state)
            aliases = (*known.aliases, alias)
            return replace(state, fields=known.model_copy(update={"aliases": aliases}))
        case OrganisationRetired():
            return replace(state, status=Status.RETIRED)
        case OrganisationRelabelled(labels=labels):
            return replace(state, labels=state.labels | labels)
        case OrganisationMerged(labels=labels, into=into):
            merger = Merger(into, state.status, state.labels)
            labels = state.labels | labels
            return replace(state, status=Status.MERGED, labels=labels, merger=merger)
        case OrganisationUnmerged(labels=labels):
            status = state.merger.status if state.merger else state.status
            labels = state.labels | labels
            return replace(state, status=status, labels=labels, merger=None)
        case _:
            assert_never(event)


def _register(command: RegisterOrganisation, ctx: Context) -> list[OrganisationEvent]:
    _check_affiliation(command.fields, ctx)
    labels = command.labels.for_new(Kind.ORGANISATION, GROUPS[Kind.ORGANISATION], ctx)
    registered = OrganisationRegistered(
        **dict(command.fields), labels=labels, external_ids=command.external_ids
    )
    return [registered, OrganisationRetired()] if command.retired else [registered]


def _amend(
    state: Organisation, command: AmendOrganisation, ctx: Context
) -> list[OrganisationEvent]:
    if state.status is Status.RETIRED and not command.retired:
        raise RejectedError("This organisation is retired; register it anew.")
    if state.merger:
        before = replace(state, status=state.merger.status, labels=state.merger.labels, merger=None)
        if _amend(before, command, ctx):
            raise merged_away()
        return []
    events = _relabel(state, command.labels, None, ctx)
    if command.fields != state.fields:
        if command.fields.affiliation != _known(state).affiliation:
            _check_affiliation(command.fields, ctx)
        events.append(OrganisationAmended(**dict(command.fields)))
    if command.retired and state.status is Status.ACTIVE:
        events.append(OrganisationRetired())
    return events


def _relabel(
    state: Organisation, asked: LabelsAsked, reason: Text | None, ctx: Context
) -> list[OrganisationEvent]:
    labels = asked.for_known(GROUPS[Kind.ORGANISATION], ctx)
    if state.labels | labels == state.labels:
        return []
    return [OrganisationRelabelled(labels=labels, reason=reason)]


def _already_merged(state: Organisation, command: Command) -> list[OrganisationEvent]:
    match command:
        case MergeOrganisation(into=into) if state.merger and into == state.merger.into:
            return []
        case _:
            raise merged_away()


def _check_affiliation(fields: OrganisationFields, ctx: Context) -> None:
    """Hidden, unknown, retired and of another kind answer alike."""
    other = fields.affiliation
    if other and (other.kind is not Kind.ORGANISATION or other not in ctx.references):
        raise invalid("/affiliation", "unknown_reference", "There is no such organisation.")


def _known(state: Organisation) -> OrganisationFields:
    if state.fields is None:
        raise NotFoundError
    return state.fields


def _known_names(state: Organisation) -> tuple[Name | None, ...]:
    known = _known(state)
    return (known.name, known.short_name, *known.aliases)


def _action(command: Command) -> Action:
    match command:
        case RegisterOrganisation():
            return Action.CREATE
        case AmendOrganisation() | AddAlias() | MergeOrganisation() | UnmergeOrganisation():
            return Action.CHANGE
        case RetireOrganisation():
            return Action.RETIRE
        case RelabelOrganisation():
            return Action.RELABEL
        case _:
            assert_never(command)


def _references(command: Command) -> frozenset[RecordId]:
    match command:
        case RegisterOrganisation(fields) | AmendOrganisation(fields) if fields.affiliation:
            return frozenset({fields.affiliation})
        case MergeOrganisation(into=into):
            return frozenset({into})
        case _:
            return frozenset()


organisation: Decider[Command, OrganisationEvent, Organisation] = Decider(
    kind=Kind.ORGANISATION,
    groups=GROUPS[Kind.ORGANISATION],
    initial=Organisation(),
    decide=decide,
    evolve=evolve,
    action=_action,
    references=_references,
)
