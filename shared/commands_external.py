"""Records named by a partner's own id: the same id always leads to the same record.

There is no table to look up: the record's id is a keyed digest of owner, system, external id and a
number n = 0, 1, ... counted on past records the caller cannot read, so that two PUTs can never make
two records and a hidden record never shows.
"""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import orjson

from shared.commands import once
from shared.commands_apply import apply, load
from shared.commands_kit import Kit, Outcome
from shared.decider import C, Decider, E, S
from shared.errors import RejectedError
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.record_state import RecordState
from shared.values import ExternalId

# Each step past a hidden record costs a look-up; nobody honest comes near this.
RECORDS_OF_ONE_ID = 64


@dataclass(frozen=True, slots=True)
class External:
    """A partner's own id, in the scope of the organisation that sends it."""

    owner: RecordId
    id: ExternalId


def external_record_id(secret: bytes, kind: Kind, external: External, n: int) -> RecordId:
    """The `n`th record that `external` may name."""
    named = orjson.dumps([kind, str(external.owner), external.id.system, external.id.id, n])
    digest = hmac.new(secret, b"external" + named, hashlib.sha256).digest()
    return RecordId(kind, UUID(bytes=digest[:16]))


async def put_external(
    kit: Kit,
    decider: Decider[C, E, S],
    external_id: ExternalId,
    create: C,
    amend: C,
    request: CommandRequest,
) -> Outcome:
    """Amend the record the caller knows by this id, else create it. Raises as `execute` does."""

    async def attempt() -> Outcome:
        async for record in _candidates(kit, decider, external_id, request.principal):
            if not record.exists:
                return await apply(kit, decider, record, create, request)
            if record.readable_by(request.principal.clearance):
                return await apply(kit, decider, record, amend, request)
        raise _too_many()

    return await once(kit, decider, request, attempt)


async def create_external(
    kit: Kit,
    decider: Decider[C, E, S],
    external_id: ExternalId,
    create: C,
    request: CommandRequest,
) -> Outcome:
    """A new record that bears this id, whatever else bears it. Raises as `execute` does."""

    async def attempt() -> Outcome:
        record = await unused(kit, decider, external_id, request.principal)
        return await apply(kit, decider, record, create, request)

    return await once(kit, decider, request, attempt)


async def unused(
    kit: Kit, decider: Decider[C, E, S], external_id: ExternalId, principal: Principal
) -> RecordState[S]:
    """The first record of this external id that is not there yet."""
    async for record in _candidates(kit, decider, external_id, principal):
        if not record.exists:
            return record
    raise _too_many()


async def _candidates(
    kit: Kit, decider: Decider[C, E, S], external_id: ExternalId, principal: Principal
) -> AsyncIterator[RecordState[S]]:
    external = External(principal.organisation, external_id)
    for n in range(RECORDS_OF_ONE_ID):
        record_id = external_record_id(kit.secret, decider.kind, external, n)
        yield await load(kit, decider, record_id, principal)


def _too_many() -> RejectedError:
    return RejectedError("This external id names too many records.", code="too_many")
