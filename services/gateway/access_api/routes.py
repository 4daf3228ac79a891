"""Routes of access administration: for each family the same. Everybody else hears 403, whatever he asks."""

import hashlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.access.administration import hatted
from services.gateway.access_api import looking
from services.gateway.access_api.families import FAMILIES, Family
from services.gateway.access_api.filtering import FILTERS, wanted_of
from services.gateway.access_api.listing import Listing, Narrowed
from services.gateway.access_api.orders import Done, Ordering, Verb
from services.gateway.authentication import authenticated
from services.gateway.partner_api import etags
from services.gateway.partner_api.answers import json_answer, next_link
from services.gateway.partner_api.bodies import body_of
from services.gateway.partner_api.queries import flag_of, page_size_of, query_of
from services.gateway.partner_api.writing import idempotency_key
from services.gateway.segments import verbs_of
from services.gateway.wiring import gateway_of
from shared import trace
from shared.errors import (
    ConflictError,
    NotFoundError,
    PreconditionError,
    PreconditionRequiredError,
)
from shared.idempotency import CommandRequest
from shared.ids import RecordId
from shared.principal import Principal

BASE = "/v1/access"
# No record that exists has it: only a command that was carried out before is answered under it.
NEVER = 0
PAGED = frozenset({"page_size", "cursor", "count"})
CREATED = 201


def access_routes() -> list[Route]:
    return [route for family in FAMILIES for route in _Routes(family).all()]


class _Routes:
    def __init__(self, family: Family) -> None:
        self._family = family

    def all(self) -> list[Route]:
        base = f"{BASE}/{self._family.plural}"
        return [
            Route(base, self._listed, methods=["GET"]),
            Route(base, self._created, methods=["POST"]),
            Route(f"{base}/{{id}}", self._one, methods=["GET"]),
            Route(f"{base}/{{id}}/history", self._history, methods=["GET"]),
            Route(verbs_of(f"{base}/{{id}}"), self._acted, methods=["POST"]),
        ]

    async def _listed(self, request: Request) -> Response:
        gateway, hat = gateway_of(request), await _hat(request)
        known = FILTERS[self._family.kind]
        query = query_of(request, known | PAGED)
        filters = {name: query[name] for name in known & query.keys()}
        listing = Listing(gateway, hat.client, self._family)
        found = await listing.page(
            Narrowed(wanted_of(filters), filters),
            query.get("cursor", ""),
            page_size_of(query),
            limits=False,
        )
        if not flag_of(query, "count"):
            del found["count"]
        return json_answer(found, headers=next_link(request, found["next_cursor"]))

    async def _one(self, request: Request) -> Response:
        await _hat(request)
        query_of(request, set())
        row = await self._row(request)
        headers = {"ETag": etags.quoted(_version(request, row["id"], row["version"]))}
        return json_answer(row, headers=headers)

    async def _history(self, request: Request) -> Response:
        await _hat(request)
        query_of(request, set())
        row = await self._row(request)
        record_id = RecordId.parse(row["id"])
        return json_answer({"items": await looking.history(gateway_of(request).access, record_id)})

    async def _created(self, request: Request) -> Response:
        return await self._ordered(request, await _hat(request), self._family.create, None)

    async def _acted(self, request: Request) -> Response:
        hat = await _hat(request)
        verb = self._family.verbs.get(request.path_params["verb"])
        if verb is None:
            raise NotFoundError
        return await self._ordered(request, hat, verb, self._id(request))

    async def _ordered(
        self, request: Request, hat: Principal, verb: Verb, record_id: RecordId | None
    ) -> Response:
        gateway = gateway_of(request)
        expected = await self._expected(request, verb) if record_id else None
        command = await _command(request, hat, expected)
        body = body_of(verb.model, await request.body())
        named = record_id or gateway.access.new_id(self._family.kind, command)
        ordering = Ordering(gateway.access, command, gateway.settings.mission, named)
        try:
            done = await verb.order(ordering, body)
        except ConflictError as refused:
            if expected is None:
                raise
            raise PreconditionError("It has changed since you read it; read it again.") from refused
        gateway.roll.forget()
        return self._answer(request, done)

    def _answer(self, request: Request, done: Done) -> Response:
        outcome, headers = done.outcome, dict[str, str]()
        if outcome.validated:
            return json_answer({"outcome": outcome.outcome, "validated": True})
        version = _version(request, str(outcome.id), outcome.version)
        told = {"id": str(outcome.id), "version": version, "outcome": outcome.outcome}
        if done.secret:
            told |= {"credential_id": done.secret.credential_id, "secret": done.secret.value}
        if done.key_id:
            told["credential_id"] = done.key_id
        headers["ETag"] = etags.quoted(version)
        if outcome.replayed:
            headers["Idempotency-Replayed"] = "true"
        created = outcome.outcome == "created"
        if created:
            headers["Location"] = f"{BASE}/{self._family.plural}/{outcome.id}"
        return json_answer(told, CREATED if created else 200, headers=headers)

    async def _expected(self, request: Request, verb: Verb) -> int | None:
        """The version the caller last saw; NEVER when he saw another. Raises NotFoundError first."""
        row, header = await self._row(request), request.headers.get("if-match")
        if header is None and verb.unsafe:
            raise PreconditionRequiredError("Send If-Match with the version you last saw.")
        if header is None or header == etags.ANY:
            return None
        version = _version(request, row["id"], row["version"])
        return int(row["version"]) if etags.matches(header, version) else NEVER

    async def _row(self, request: Request) -> dict[str, Any]:  # Any: JSON
        record_id = self._id(request)
        row = await looking.one(gateway_of(request).access, self._family, record_id)
        if row is None:
            raise NotFoundError
        return row

    def _id(self, request: Request) -> RecordId:
        try:
            record_id = RecordId.parse(request.path_params["id"])
        except ValueError:
            raise NotFoundError from None
        if record_id.kind is not self._family.kind:
            raise NotFoundError
        return record_id


async def _hat(request: Request) -> Principal:
    """The caller as the administration. Raises ForbiddenError for everybody else."""
    gateway, caller = gateway_of(request), await authenticated(request)
    return hatted(caller.principal, gateway.policy, gateway.settings.mission)


async def _command(request: Request, hat: Principal, expected: int | None) -> CommandRequest:
    return CommandRequest(
        principal=hat,
        idempotency_key=idempotency_key(request),
        route=f"{request.method} {request.scope['path']}",
        digest=hashlib.sha256(await request.body()).digest(),
        traceparent=str(trace.current() or trace.new_trace()),
        expected_version=expected,
        validate_only=flag_of(query_of(request, {"validate_only"}), "validate_only"),
    )


def _version(request: Request, record_id: str, version: int) -> str:
    return etags.version_of(gateway_of(request).secret, record_id, version, ("base",))
