"""Writes: one thin path for every kind and verb. Services decide; versions and positions are sealed here."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.authentication import authenticated
from services.gateway.partner_api import etags, preconditions
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.attending import overlap_hints
from services.gateway.partner_api.kinds import KindApi, Verb
from services.gateway.partner_api.private import private_of
from services.gateway.partner_api.queries import flag_of, query_of
from services.gateway.partner_api.reading import Reading, views_of
from services.gateway.partner_api.scenario import scenario_time
from services.gateway.positions import sealed_position
from services.gateway.reads.channels import Channel
from services.gateway.upstream import ServiceAnswer
from services.gateway.wiring import Gateway, gateway_of
from shared.errors import AppError, MalformedError, NotFoundError
from shared.ids import Kind, new_bytes
from shared.principal import Principal

KEY = "Idempotency-Key"
KEY_LIMIT = 200
CREATED = 201
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Write:
    """One write of one caller, ready to be sent."""

    gateway: Gateway
    principal: Principal
    api: KindApi
    method: str
    path: str
    body: bytes
    headers: Mapping[str, str]

    async def send(self, headers: Mapping[str, str] | None = None) -> ServiceAnswer:
        """Raises AppError with the service's problem."""
        return await self.gateway.upstream.command(
            self.api.service,
            self.method,
            self.path,
            self.body,
            self.principal,
            {**self.headers, **(headers or {})},
        )


@dataclass(frozen=True, slots=True)
class Writing:
    """The writes of one kind."""

    api: KindApi

    async def created(self, request: Request) -> Response:
        """POST /v1/<kind>s and its other ways to make a record."""
        way = request.url.path.removeprefix(f"/v1/{self.api.plural}").strip("/")
        verb = self.api.creators[way]
        write = await write_of(
            request, self.api, f"/{self.api.plural}" + (f"/{way}" if way else "")
        )
        return _noted(verb, await self._answer(write, await write.send()))

    async def acted(self, request: Request) -> Response:
        """POST /v1/<kind>s/{id}/<verb>."""
        record_id = Reading(self.api.kind).record_id(request.path_params["id"])
        verb = self.api.verbs.get(request.path_params["verb"])
        if verb is None:
            raise NotFoundError
        write = await write_of(request, self.api, f"/{self.api.plural}/{record_id}/{verb.name}")
        if_match = request.headers.get("if-match")
        if if_match is None and not verb.unsafe:
            return _noted(verb, await self._answer(write, await write.send()))
        sent = await preconditions.send(write, Reading(self.api.kind), str(record_id), if_match)
        return _noted(verb, await self._answer(write, sent))

    async def put(self, request: Request) -> Response:
        """PUT /v1/<kind>s/external/{system}/{external_id}: creates or amends by the partner's own id."""
        system, external_id = _external(request)
        path = f"/{self.api.plural}/external/{quote(system, safe='')}/{quote(external_id, safe='')}"
        write = await write_of(request, self.api, path)
        return await self._answer(write, await write.send())

    async def sent_on(
        self, request: Request, path: str, content: bytes, headers: Mapping[str, str]
    ) -> Response:
        """A file, which is no JSON; `path` says what it is called."""
        write = await write_of(request, self.api, path, {"name", "validate_only"}, content)
        return await self._answer(write, await write.send(headers))

    async def _answer(self, write: Write, answer: ServiceAnswer) -> Response:
        views, headers = await current_views(write, [answer.body]), {}
        body = accepted(write, answer.body, views)
        if answer.body.get("validated"):
            return json_answer({"outcome": body["outcome"], "validated": True})
        if self.api.kind is Kind.ENGAGEMENT:
            body |= await hints_of(write, body)
        if answer.body.get("replayed"):
            headers["Idempotency-Replayed"] = "true"
        headers["ETag"] = etags.quoted(body["version"])
        if answer.status == CREATED:
            headers["Location"] = f"/v1/{self.api.plural}/{body['id']}"
        return json_answer(body, answer.status, headers=headers)


async def hints_of(write: Write, body: Json) -> Json:
    """What the services hint at, and other organisations' plans to meet the same."""
    overlapping = await overlap_hints(
        write.gateway.upstream, write.principal, body["id"], write.body
    )
    found = [*body.get("hints", ()), *overlapping]
    return {"hints": found} if found else {}


async def write_of(
    request: Request,
    api: KindApi,
    path: str,
    known: AbstractSet[str] = frozenset({"validate_only"}),
    content: bytes | None = None,
) -> Write:
    """Raises UnauthenticatedError, MalformedError, ForbiddenError: in this order.

    `known`: parameters of the address; `content`: the body where it is not that of the request.
    """
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query = query_of(request, known)
    headers = {KEY: idempotency_key(request)}
    if flag_of(query, "validate_only"):
        headers["Parley-Validate-Only"] = "true"
    moment: datetime | None = scenario_time(gateway, principal, request)
    if moment:
        principal = replace(principal, scenario_time=moment)
    body = await request.body() if content is None else content
    return Write(gateway, principal, api, request.method, path, body, headers)


async def current_views(write: Write, answers: Iterable[Json]) -> dict[str, Json]:
    """Views of the records that writes left as they were, by id.

    A write changes what its caller sees, so its own version is his view's. One that changed nothing may
    stand behind a change he does not see: then his view must say its version.
    """
    unchanged = [a["id"] for a in answers if a.get("outcome") == "unchanged"]
    try:
        return await views_of(write.gateway.upstream.by(Channel.UNSEEN), write.principal, unchanged)
    except AppError:
        return {}  # the writes stand; at worst their caller must read before he amends


def accepted(write: Write, told: Json, views: Mapping[str, Json]) -> Json:
    """What the caller is told of an accepted write: never raw numbers."""
    position = sealed_position(
        write.gateway.book, write.principal, write.api.service, told["epoch"], told["position"]
    )
    answer = {
        "id": told["id"],
        "version": _version(write, told, views.get(told["id"])),
        "position": position,
        "outcome": told["outcome"],
    }
    return answer | ({"hints": told["hints"]} if told.get("hints") else {}) | private_of(told)


def _version(write: Write, told: Json, view: Json | None) -> str:
    secret = write.gateway.secret
    if view is not None:
        return etags.version_of_view(secret, view)
    return etags.version_of(secret, told["id"], told["version"], told["readable"])


def _noted(verb: Verb, answer: Response) -> Response:
    """With a word to callers of what is on its way out."""
    if verb.deprecated:
        answer.headers.update(verb.deprecated.headers)
    return answer


def idempotency_key(request: Request) -> str:
    """A PUT names its record itself and is harmless to repeat, so it may do without a key."""
    key = request.headers.get(KEY)
    if key is None and request.method == "PUT":
        return new_bytes(16).hex()
    if not key or len(key) > KEY_LIMIT or not key.isascii() or not key.isprintable():
        raise MalformedError(
            f"Send an {KEY} header of 1 to {KEY_LIMIT} printable ASCII characters.",
            code="idempotency_key_required",
        )
    return key


def _external(request: Request) -> tuple[str, str]:
    """System and id as they were sent, each one percent-encoded segment. Raises NotFoundError."""
    raw = bytes(request.scope.get("raw_path") or request.url.path.encode()).decode("latin-1")
    _, found, rest = raw.partition("/external/")
    system, _, external_id = rest.partition("/")
    if not found or not external_id or "/" in external_id:
        raise NotFoundError
    try:
        return unquote(system, errors="strict"), unquote(external_id, errors="strict")
    except UnicodeDecodeError as wrong:
        raise MalformedError("The external id is not UTF-8.") from wrong
