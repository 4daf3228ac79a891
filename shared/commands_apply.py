"""One attempt at a write: checks in their fixed order, the decision, and the append."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.clock import utc_now
from shared.commands_kit import Kit, Outcome
from shared.contracts.event import DomainEvent, Group
from shared.decider import C, Context, Decider, E, Reference, S
from shared.errors import ConflictError, ForbiddenError, NotFoundError, RejectedError, invalid
from shared.event_meta import EventMeta, with_command
from shared.eventstore.model import Append, CommandMark
from shared.extracting import CheckExtract
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.known import Known
from shared.labels import Clearance, reads
from shared.principal import Principal
from shared.record_state import GroupLabels, RecordState, absent, readable_groups
from shared.releasing import (
    RecordCommand,
    decide_record,
    record_action,
    record_references,
    record_touches,
)
from shared.roles import Action, Role, allowed
from shared.snapshots import recall
from shared.write_checks import (
    Writer,
    check_derived,
    check_touched,
    check_widening,
    check_written,
)

# Nobody refers to such a record any more: to a merged one's target instead.
OUT_OF_USE = frozenset({"retired", "merged", "removed"})
# What others than the owner may do to what they read.
ANYBODYS = frozenset({Action.RESPOND, Action.AGREE})


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be appended, and where. `labels`: those of its groups afterwards."""

    record: RecordId
    owner: RecordId
    version: int
    events: Sequence[DomainEvent]
    labels: GroupLabels
    now: datetime
    outcome: Outcome


async def load(
    kit: Kit, decider: Decider[C, E, S], record_id: RecordId, principal: Principal
) -> RecordState[S]:
    """The record as it stands; an absent one would be owned by `principal`'s organisation."""
    record = await recall(kit, decider, record_id)
    return record or absent(decider, record_id, principal.organisation)


async def apply(
    kit: Kit,
    decider: Decider[C, E, S],
    record: RecordState[S],
    command: C | RecordCommand,
    request: CommandRequest,
) -> Outcome:
    """Check, decide and append on a loaded record. Raises VersionConflict when it has moved on."""
    return await write(kit, await decided(kit, decider, record, command, request), request)


async def decided(
    kit: Kit,
    decider: Decider[C, E, S],
    record: RecordState[S],
    command: C | RecordCommand,
    request: CommandRequest,
) -> Decided:
    """What `apply` would append, once every check is passed. Nothing is written."""
    principal, clearance = request.principal, request.principal.clearance
    order = _order(decider, record, command)
    _check_may(decider.kind, order.action, record, principal, clearance)
    if request.expected_version not in (None, record.version):
        raise version_conflict()
    if record.removed and not (decider.of_removals or isinstance(command, CheckExtract)):
        raise RejectedError(
            "What this record held was removed; it takes nothing new.", code="erased"
        )
    writer = Writer(clearance, record.id, record.owner, kit.policy, order.touches)
    if record.exists:
        check_touched(writer, record.labels)
    now = _now(kit, principal)
    sources = decider.sources(record.state)
    usable = await _usable(kit, order.references | sources, clearance)
    context = Context(now, principal, kit.policy, usable, record.authors, record.owner)
    events = order.decide(context)
    labels = check_written(writer, record.labels, events)
    if _scenario(kit, principal) is None:  # a scenario tells what was approved long ago
        controlled = record.handling.originator_of(record.owner) is not None
        check_widening(kit.policy, record.labels, labels, events, controlled=controlled)
    check_derived({source: usable.get(source) for source in sources}, record.labels, labels)
    outcome = Outcome(
        id=record.id,
        version=record.version,
        epoch=0,
        position=0,
        readable=readable_groups(labels, decider.groups, clearance),
        outcome=_named(record, events),
        validated=request.validate_only,
    )
    return Decided(record.id, record.owner, record.version, events, labels, now, outcome)


async def write(kit: Kit, made: Decided, request: CommandRequest) -> Outcome:
    """Append what was decided, unless it is only validated."""
    return made.outcome if request.validate_only else await _append(kit, made, request)


@dataclass(frozen=True, slots=True)
class _Order:
    """A command of the kind, or one that any kind takes."""

    action: Action
    touches: Mapping[str, Group]
    references: frozenset[RecordId]
    decide: Callable[[Context], Sequence[DomainEvent]]


def _order(decider: Decider[C, E, S], record: RecordState[S], command: C | RecordCommand) -> _Order:
    if not isinstance(command, RecordCommand):
        return _Order(
            decider.action(command),
            decider.touches(command),
            decider.references(command),
            lambda ctx: decider.decide(record.state, command, ctx),
        )
    known = Known(record.owner, decider.groups, record.labels, record.handling)
    return _Order(
        record_action(command),
        record_touches(command),
        record_references(command),
        lambda ctx: decide_record(known, command, ctx),
    )


def version_conflict() -> ConflictError:
    return ConflictError(
        "Another change came first; read the record again.", code="version_conflict"
    )


def _check_may(
    kind: Kind,
    action: Action,
    record: RecordState[S],
    principal: Principal,
    clearance: Clearance,
) -> None:
    """Absent or unreadable first, then role, then owner. Only reading decides what is found."""
    creating = action is Action.CREATE and not record.exists
    if not creating and not record.readable_by(clearance):
        raise NotFoundError
    if not allowed(principal.roles, action, kind):
        raise ForbiddenError("Your role does not allow this for this kind of record.")
    if action not in ANYBODYS and record.owner != principal.organisation:
        raise ForbiddenError("Only the organisation that owns this record changes it.")


async def _usable(
    kit: Kit, mentioned: frozenset[RecordId], clearance: Clearance
) -> dict[RecordId, Reference]:
    """Those of `mentioned` the caller may refer to: hidden, unknown and out of use are all absent."""
    found = await kit.references.find(mentioned) if mentioned else {}
    return {
        id_: other
        for id_, other in found.items()
        if other.status not in OUT_OF_USE and reads(clearance, other.label)
    }


def _named(record: RecordState[S], events: Sequence[DomainEvent]) -> str:
    if not events:
        return "unchanged"
    return "amended" if record.exists else "created"


async def _append(kit: Kit, made: Decided, request: CommandRequest) -> Outcome:
    principal = request.principal
    meta = EventMeta(
        record=made.record,
        owner=made.owner,
        by=principal.subject,
        organisation=principal.organisation,
        traceparent=request.traceparent,
        exercise=kit.exercise,
    )
    events = await kit.vault.seal(made.events, made.record, meta.to_bytes(), made.now)
    stream = str(made.record)
    outcome = made.outcome.outcome
    mark = CommandMark(request.command_id(kit.secret), request.digest, stream, outcome)
    if events:
        carried = replace(mark, request_digest=request.keyed_digest(kit.secret))
        last = replace(events[-1], meta=with_command(events[-1].meta, carried))
        events = (*events[:-1], last)
    appended = await kit.store.append(
        Append(stream, made.version, events, mark, _scenario(kit, principal))
    )
    return replace(
        made.outcome, version=appended.version, epoch=appended.epoch, position=appended.position
    )


def _now(kit: Kit, principal: Principal) -> datetime:
    """The present, or the scenario's. Raises InvalidError for a scenario ahead of the world."""
    scenario, present = _scenario(kit, principal), utc_now()
    if scenario is None:
        return present
    if scenario > present:
        raise invalid("/scenario_time", "in_future", "The scenario's clock ends at the real now.")
    return scenario


def _scenario(kit: Kit, principal: Principal) -> datetime | None:
    """Only in an exercise, and only for its loader; the gateway checks the same."""
    heard = kit.exercise and Role.LOADER in principal.roles
    return principal.scenario_time if heard else None
