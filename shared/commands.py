"""The one path of every write: find the record, check who may, decide, seal, append.

The order is fixed, because the order of errors tells: idempotency, not found, forbidden, version,
rules, labels of what is written. Hidden and absent answer alike.
"""

from collections.abc import Awaitable, Callable

from shared.commands_apply import apply, load, version_conflict
from shared.commands_kit import Kit, Outcome, ReferenceBook
from shared.decider import C, Decider, E, S
from shared.errors import NotFoundError
from shared.eventstore.errors import CommandAlreadyApplied, VersionConflict
from shared.eventstore.model import FoundCommand
from shared.idempotency import CommandRequest, check_same_request
from shared.ids import RecordId
from shared.record_state import absent, readable_groups
from shared.releasing import RecordCommand

__all__ = ["CommandRequest", "Kit", "Outcome", "ReferenceBook", "execute", "once"]

ATTEMPTS = 3


async def execute(
    kit: Kit,
    decider: Decider[C, E, S],
    record_id: RecordId | None,
    command: C | RecordCommand,
    request: CommandRequest,
) -> Outcome:
    """Carry `command` out on a record or, with `record_id` None, on a new one.

    Raises what `decide` raises, and NotFoundError, ForbiddenError, ConflictError, InvalidError,
    BusyError. Touches the event store, the key store and the reference book.
    """

    async def attempt() -> Outcome:
        if record_id is None:
            owner = request.principal.organisation
            record = absent(decider, RecordId.new(decider.kind), owner)
        else:
            record = await load(kit, decider, record_id, request.principal)
        return await apply(kit, decider, record, command, request)

    return await once(kit, decider, request, attempt)


async def once(
    kit: Kit,
    decider: Decider[C, E, S],
    request: CommandRequest,
    attempt: Callable[[], Awaitable[Outcome]],
) -> Outcome:
    """The outcome recorded for this command, else `attempt`'s, repeated if others came first."""
    if request.validate_only:
        return await attempt()
    command_id = request.command_id(kit.secret)
    with kit.running.claim(command_id):
        found = await kit.store.find_command(command_id)
        if found is not None:
            return await _replay(kit, decider, request, found)
        for _ in range(1 if request.expected_version is not None else ATTEMPTS):
            try:
                return await attempt()
            except CommandAlreadyApplied as applied:
                return await _replay(kit, decider, request, applied.found)
            except VersionConflict:
                continue
    raise version_conflict()


async def _replay(
    kit: Kit, decider: Decider[C, E, S], request: CommandRequest, found: FoundCommand
) -> Outcome:
    """The recorded outcome, under the rights its caller has now."""
    check_same_request(found, request, kit.secret)
    record_id = RecordId.parse(found.record_id)
    record = await load(kit, decider, record_id, request.principal)
    clearance = request.principal.clearance
    if not record.readable_by(clearance):
        raise NotFoundError
    return Outcome(
        id=record_id,
        version=found.version,
        epoch=found.epoch,
        position=found.position,
        readable=readable_groups(record.labels, decider.groups, clearance),
        outcome=found.outcome,
        replayed=True,
    )
