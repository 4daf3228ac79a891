"""New records: plain ones, ones a partner has an id for, and extracts of another record.

An extract is written to two streams, the source's first: whatever ends in between leaves a source that
names a record nobody ever sees, and never an extract that nothing leads back from. Its id follows from
the command, so that the client's retry makes that very record. (Tests kill it in between.)
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from shared.api.common import NewRecord
from shared.commands import execute, once
from shared.commands_apply import Decided, decided, load, write
from shared.commands_external import create_external, unused
from shared.commands_kit import Kit, Outcome
from shared.decider import C, Decider, E, S
from shared.errors import RejectedError, invalid
from shared.extracting import (
    BEYOND_APPROVAL,
    NEEDS_APPROVAL,
    CheckExtract,
    MakeExtract,
    marks_of_extract,
    unknown_extract,
)
from shared.foretelling import Foretold, Needs, spelled
from shared.idempotency import CommandRequest
from shared.ids import RecordId
from shared.record_state import RecordState, absent
from shared.values import ExternalId


async def create(
    kit: Kit,
    decider: Decider[C, E, S],
    command: C,
    request: CommandRequest,
    asked: NewRecord,
) -> Outcome:
    """Carry `command` out on a new record, as `asked`. Raises as `execute` does."""
    external_ids = asked.external_ids
    if asked.extract_of:
        return await _extract(kit, decider, asked.extract_of, command, request, external_ids)
    if external_ids:
        return await create_external(kit, decider, external_ids[0], command, request)
    return await execute(kit, decider, None, command, request)


async def _extract(
    kit: Kit,
    decider: Decider[C, E, S],
    source_id: RecordId,
    command: C,
    request: CommandRequest,
    external_ids: Sequence[ExternalId],
) -> Outcome:
    async def attempt() -> Outcome:
        source = await _source(kit, decider, source_id, request)
        record = await _new(kit, decider, request, external_ids)
        made = _marked_as(source, await decided(kit, decider, record, command, request))
        order, marking = MakeExtract(record.id, made.labels), _marking(request, source_id)
        try:
            await execute(kit, decider, source_id, order, marking)
        except RejectedError as refused:
            if request.foretell and refused.code in (NEEDS_APPROVAL, BEYOND_APPROVAL):
                return _foretold(kit, made, Needs(code=refused.code, detail=refused.detail))
            raise
        return _foretold(kit, made) if request.foretell else await write(kit, made, request)

    return await once(kit, decider, request, attempt)


async def check_extract(
    kit: Kit,
    decider: Decider[C, E, S],
    source_id: RecordId,
    extract_id: RecordId,
    request: CommandRequest,
) -> Outcome:
    """Says of an extract its caller reads that it holds as its source stands now."""
    if extract_id.kind is not decider.kind:
        raise unknown_extract()
    extract = await load(kit, decider, extract_id, request.principal)
    if not extract.readable_by(request.principal.clearance):
        raise unknown_extract()
    return await execute(kit, decider, source_id, CheckExtract(extract_id), request)


def _foretold(kit: Kit, made: Decided, needs: Needs | None = None) -> Outcome:
    """What would be made, although it may have to be asked for first: who asks looks at it before, too."""
    told = Foretold(
        id=made.record,
        owner=made.owner,
        exercise=kit.exercise,
        events=spelled(made.events),
        needs=needs,
    )
    return replace(made.outcome, foretold=told)


async def _source(
    kit: Kit, decider: Decider[C, E, S], source_id: RecordId, request: CommandRequest
) -> RecordState[S]:
    """Raises InvalidError, the same for what is hidden, absent or of another kind."""
    if source_id.kind is decider.kind:
        source = await load(kit, decider, source_id, request.principal)
        if source.readable_by(request.principal.clearance):
            return source
    raise invalid("/extract_of", "unknown_reference", "There is no such record.")


async def _new(
    kit: Kit,
    decider: Decider[C, E, S],
    request: CommandRequest,
    external_ids: Sequence[ExternalId],
) -> RecordState[S]:
    if external_ids:
        return await unused(kit, decider, external_ids[0], request.principal)
    named = request.command_id(kit.secret)
    digest = hmac.new(kit.secret, b"extract" + named, hashlib.sha256).digest()
    record_id = RecordId(decider.kind, UUID(bytes=digest[:16]))
    return absent(decider, record_id, request.principal.organisation)


def _marking(request: CommandRequest, source_id: RecordId) -> CommandRequest:
    """The same request as what it does to the source: a command of its own, done once."""
    return replace(request, route=f"{request.route} of {source_id}", expected_version=None)


def _marked_as(source: RecordState[S], made: Decided) -> Decided:
    marks = marks_of_extract(source.handling, source.owner)
    return replace(made, events=(*made.events, *marks))
