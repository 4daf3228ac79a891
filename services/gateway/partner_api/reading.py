"""Reads: lists, one record, its history and edges, the map. One implementation for every kind."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.authentication import authenticated
from services.gateway.partner_api import etags
from services.gateway.partner_api.answers import json_answer, next_link
from services.gateway.partner_api.queries import (
    FILTERS,
    PAGE,
    fields_of,
    flag_of,
    page_size_of,
    query_of,
    wrong_parameter,
)
from services.gateway.partner_api.schemas import VIEWS
from services.gateway.partner_api.views import rendered
from services.gateway.positions import Vector, opened_position
from services.gateway.upstream import Upstream
from services.gateway.wiring import Gateway, gateway_of
from shared.errors import NotFoundError
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.sealed_tokens import Purpose

REPORTING = "reporting"
NOT_MODIFIED = 304
FIELDS = {kind: frozenset(view.model_fields) for kind, view in VIEWS.items()}
IDS_AT_ONCE = 200
NOW: Mapping[str, str] = {}
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Reading:
    """The reads of one kind, or of all kinds when `kind` is None."""

    kind: Kind | None

    async def listed(self, request: Request) -> Response:
        """A page of views, newest first unless `sort` says otherwise; `next_cursor` is null on the last."""
        gateway, principal = gateway_of(request), (await authenticated(request)).principal
        query = query_of(request, PAGE | self._filters())
        filters = self._filtered(query)
        answer = await gateway.upstream.get(
            REPORTING,
            "/records",
            filters | _paging(gateway, principal, query, filters),
            principal,
            at_least=at_least_of(gateway, principal, query),
        )
        return _page(
            gateway, principal, request, answer, (filters, fields_of(query, self._fields()))
        )

    async def mapped(self, request: Request) -> Response:
        """GeoJSON; what lies close together is one clustered feature."""
        gateway, principal = gateway_of(request), (await authenticated(request)).principal
        query = query_of(request, {"zoom", "at_least"} | self._filters() - {"sort"})
        drawn = await gateway.upstream.get(
            REPORTING,
            "/map",
            {k: v for k, v in query.items() if k != "at_least"},
            principal,
            at_least=at_least_of(gateway, principal, query),
        )
        return json_answer(drawn, media_type="application/geo+json")

    async def one(self, request: Request) -> Response:
        """The record, with the ETag of this caller's view of it."""
        gateway, principal = gateway_of(request), (await authenticated(request)).principal
        query = query_of(request, {"fields", "at_least", "as_of"})
        view = await self._asked(request, gateway, principal, query)
        shown = rendered(gateway.secret, view, fields_of(query, self._fields()))
        if "as_of" in query:
            # No ETag: what was so is no ground for a change to what is.
            return json_answer(shown)
        headers = {"ETag": etags.quoted(shown["version"])}
        known = request.headers.get("if-none-match")
        if known and etags.matches(known, shown["version"], weak=True):
            return Response(status_code=NOT_MODIFIED, headers=headers)
        return json_answer(shown, headers=headers)

    async def _asked(
        self, request: Request, gateway: Gateway, principal: Principal, query: dict[str, str]
    ) -> Json:
        record_id = self.record_id(request.path_params["id"])
        at_least = at_least_of(gateway, principal, query)
        params = {name: query[name] for name in ("as_of",) if name in query}
        return await gateway.upstream.get(
            REPORTING, f"/records/{record_id}", params, principal, at_least=at_least
        )

    async def history(self, request: Request) -> Response:
        return await self._part(request, "history")

    async def edges(self, request: Request) -> Response:
        return await self._part(request, "edges")

    async def extracts(self, request: Request) -> Response:
        return await self._part(request, "extracts")

    async def removal(self, request: Request) -> Response:
        """GET /v1/records/{id}/removal: how far the removal of what it held has come."""
        gateway, principal = gateway_of(request), (await authenticated(request)).principal
        query = query_of(request, {"at_least"})
        path = f"/records/{self.record_id(request.path_params['id'])}/removal"
        at_least = at_least_of(gateway, principal, query)
        return json_answer(
            await gateway.upstream.get(REPORTING, path, {}, principal, at_least=at_least)
        )

    async def view(
        self, upstream: Upstream, principal: Principal, spelled: str, at_least: Vector | None = None
    ) -> Json:
        """The view as reporting renders it. Raises NotFoundError for absent, hidden or another kind."""
        record_id = self.record_id(spelled)
        path = f"/records/{record_id}"
        return await upstream.get(REPORTING, path, {}, principal, at_least=at_least)

    def record_id(self, spelled: str) -> RecordId:
        """Raises NotFoundError: an id that cannot be is an id that is not there."""
        try:
            record_id = RecordId.parse(spelled)
        except ValueError as wrong:
            raise NotFoundError from wrong
        if self.kind is not None and record_id.kind is not self.kind:
            raise NotFoundError
        return record_id

    async def _part(self, request: Request, part: str) -> Response:
        gateway, principal = gateway_of(request), (await authenticated(request)).principal
        query = query_of(request, {"at_least", "as_of"})
        record_id = self.record_id(request.path_params["id"])
        found = await gateway.upstream.get(
            REPORTING,
            f"/records/{record_id}/{part}",
            {name: query[name] for name in ("as_of",) if name in query},
            principal,
            at_least=at_least_of(gateway, principal, query),
        )
        return json_answer(found)

    def _fields(self) -> frozenset[str]:
        return FIELDS[self.kind] if self.kind else frozenset().union(*FIELDS.values())

    def _filters(self) -> frozenset[str]:
        return FILTERS if self.kind else FILTERS | {"kind"}

    def _filtered(self, query: Mapping[str, str]) -> dict[str, str]:
        given = {name: query[name] for name in sorted(self._filters() & query.keys())}
        return given | ({"kind": str(self.kind)} if self.kind else {})


async def views_of(
    upstream: Upstream,
    principal: Principal,
    record_ids: Iterable[str],
    then: Mapping[str, str] = NOW,
) -> dict[str, Json]:
    """Views by id, as reporting renders them; what is not readable is not among them.

    `then`: `as_of`, where they are wanted as they were.
    """
    wanted = sorted(set(record_ids))
    found: dict[str, Json] = {}
    for first in range(0, len(wanted), IDS_AT_ONCE):
        ids = wanted[first : first + IDS_AT_ONCE]
        params = {"ids": ",".join(ids), "page_size": str(IDS_AT_ONCE), **then}
        answer = await upstream.get(REPORTING, "/records", params, principal)
        found |= {view["id"]: view for view in answer["items"]}
    return found


def at_least_of(gateway: Gateway, principal: Principal, query: Mapping[str, str]) -> Vector | None:
    token = query.get("at_least")
    return opened_position(gateway.book, principal, token) if token else None


def _paging(
    gateway: Gateway, principal: Principal, query: dict[str, str], filters: dict[str, str]
) -> dict[str, str]:
    """Raises MalformedError when the cursor is not this caller's, or of another query."""
    params = {"page_size": str(page_size_of(query))}
    if flag_of(query, "count"):
        params["count"] = "true"
    if "cursor" in query:
        content = gateway.book.open(Purpose.PAGE, principal.client, query["cursor"])
        if content.get("q") != _digest(filters):
            raise wrong_parameter("cursor", "This cursor belongs to another query.")
        params["after"] = orjson.dumps(content["n"]).decode()
    return params


def _page(
    gateway: Gateway,
    principal: Principal,
    request: Request,
    answer: Json,
    asked: tuple[dict[str, str], frozenset[str] | None],
) -> Response:
    filters, fields = asked
    secret, after = gateway.secret, answer.get("next")
    page: Json = {"items": [rendered(secret, view, fields) for view in answer["items"]]}
    page["next_cursor"] = None
    if after is not None:
        content = {"q": _digest(filters), "n": after}
        cursor = gateway.book.seal(Purpose.PAGE, principal.client, content)
        page["next_cursor"] = cursor
    if "count" in answer and answer["count"] is not None:
        page["count"] = answer["count"]
    return json_answer(page, headers=next_link(request, page["next_cursor"]))


def _digest(filters: dict[str, str]) -> str:
    return hashlib.sha256(orjson.dumps(sorted(filters.items()))).hexdigest()[:32]
