"""Writes over HTTP: the headers every write carries, and the answer every write gets."""

import hashlib
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict

from shared import trace
from shared.commands_kit import Outcome
from shared.contracts.event import Group
from shared.errors import MalformedError, NotFoundError
from shared.foretelling import Foretold
from shared.http import Caller
from shared.idempotency import CommandRequest
from shared.ids import RecordId

KEY_LIMIT = 200


class Hint(BaseModel):
    """Something worth a look: another record that may be the same, say. Only readable records."""

    model_config = ConfigDict(frozen=True)
    code: str
    detail: str
    record_id: RecordId | None = None


class Accepted(BaseModel):
    """What a service tells the gateway, which lets no raw version or position out."""

    model_config = ConfigDict(frozen=True)
    id: RecordId
    version: int
    epoch: int
    position: int
    readable: tuple[Group, ...]
    outcome: str
    replayed: bool
    validated: bool
    hints: tuple[Hint, ...] = ()
    foretold: Foretold | None = None

    @classmethod
    def of(cls, outcome: Outcome, hints: tuple[Hint, ...] = ()) -> "Accepted":
        return cls(
            id=outcome.id,
            version=outcome.version,
            epoch=outcome.epoch,
            position=outcome.position,
            readable=outcome.readable,
            outcome=outcome.outcome,
            replayed=outcome.replayed,
            validated=outcome.validated,
            hints=hints,
            foretold=outcome.foretold,
        )


def status_of(outcome: Outcome | Accepted) -> int:
    """201 for a record made now or, replayed, then; 200 for the rest."""
    return 201 if outcome.outcome == "created" and not outcome.validated else 200


async def command_request(request: Request, principal: Caller) -> CommandRequest:
    """Raises MalformedError without an Idempotency-Key, unless the write is only validated."""
    foretell = request.headers.get("Parley-Foretell") == "true"
    validate_only = foretell or request.headers.get("Parley-Validate-Only") == "true"
    return CommandRequest(
        principal=principal,
        idempotency_key=_key(request.headers.get("Idempotency-Key"), validate_only),
        route=f"{request.method} {request.scope['path']}",
        digest=hashlib.sha256(await request.body()).digest(),
        traceparent=str(trace.current() or trace.new_trace()),
        expected_version=_version(request.headers.get("Parley-Expected-Version")),
        validate_only=validate_only,
        foretell=foretell,
    )


Writing = Annotated[CommandRequest, Depends(command_request)]


async def path_id(record_id: str) -> RecordId:
    """`{record_id}` of a path. An id that cannot be is an id that is not there."""
    try:
        return RecordId.parse(record_id)
    except ValueError:
        raise NotFoundError from None


# A route cannot take RecordId itself: the web framework expects a dataclass in the body.
PathId = Annotated[RecordId, Depends(path_id)]


def _key(given: str | None, validate_only: bool) -> str:
    if given is None and validate_only:
        return ""
    if not given or len(given) > KEY_LIMIT:
        raise MalformedError(
            f"Send an Idempotency-Key of 1 to {KEY_LIMIT} characters.",
            code="idempotency_key_required",
        )
    return given


def _version(given: str | None) -> int | None:
    if given is None:
        return None
    if not given.isdecimal():
        raise MalformedError("Parley-Expected-Version is not a number.")
    return int(given)
