"""The gateway's edge: stands in for the three services, and believes only what the gateway signed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from services.gateway.partner_api.kinds import ATTACHMENTS, KINDS
from shared.errors import UnauthenticatedError
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.principal_signing import HEADER, load_verifier, request_digest

SINGULAR = {api.plural: api.kind.value for api in (*KINDS, ATTACHMENTS)}
OWNER = "organisation_00000000000000000000000001"


@dataclass
class Held:
    """One record: who reads it (None: all), which groups are withheld, and its two versions."""

    id: str
    kind: str
    title: str
    readers: set[str] | None = None
    withheld: tuple[str, ...] = ()
    view_version: int = 1
    source_version: int = 1
    level: str = "public"
    owner: str = OWNER
    group_labels: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def readable_by(self, principal: Principal) -> bool:
        return self.readers is None or principal.subject in self.readers

    def view(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "status": "planned",
            "title": {"text": self.title, "lang": "en"},
            "owner": self.owner,
            "recorded_at": "2030-01-01T00:00:00Z",
            "updated_at": "2030-01-01T00:00:00Z",
            "view_version": self.view_version,
            "source_version": self.source_version,
            "label": {"level": self.level, "releasable_to": [["all"]], "caveats": []},
            "group_labels": self.group_labels,
            "withheld": list(self.withheld),
            "tags": ["EXERCISE"],
        } | self.more


@dataclass
class Heard:
    """One request a service got."""

    service: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    principal: Principal
    body: bytes


@dataclass
class Services:
    """Their state, and all they heard. `down` names the services that hang up on everybody."""

    records: dict[str, Held] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    commands: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    heads: list[dict[str, Any]] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    hang_up_once: bool = False
    hung_up: int = 0
    vouched: bool = True
    url: str = ""

    def hold(self, kind: str, title: str, **more: Any) -> Held:
        held = Held(str(RecordId.new(Kind(kind))), kind, title, **more)
        self.records[held.id] = held
        return held

    def change(self, held: Held, what: str = "upsert", source: str = "engagements") -> None:
        self.changes.append(
            {
                "source": source,
                "epoch": 1,
                "position": len(self.changes) + 1,
                "record_id": held.id,
                "kind": held.kind,
                "group": "base",
                "what": what,
                "version": held.view_version,
            }
        )


@asynccontextmanager
async def run_services(public_key: Path, mission: str) -> AsyncIterator[Services]:
    services = Services()
    app = web.Application()
    app.router.add_route("*", "/{service}/{rest:.*}", _Edge(services, public_key, mission).answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    services.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield services
    finally:
        await runner.cleanup()


@dataclass
class _Edge:
    services: Services
    public_key: Path
    mission: str

    async def answer(self, request: web.Request) -> web.StreamResponse:
        service = request.match_info["service"]
        if service in self.services.down or self.services.hang_up_once:
            self.services.hang_up_once = False
            self.services.hung_up += 1
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if request.path.endswith("/health/ready"):
            return web.json_response({"status": "ready"})
        at = request.raw_path.removeprefix(f"/{service}")
        body = await request.read()
        verifier = load_verifier(self.public_key, service, self.mission)
        try:
            principal = verifier.verify(
                request.headers.get(HEADER), request_digest(request.method, at, body)
            )
        except UnauthenticatedError:
            self.services.vouched = False
            return problem(401, "unauthenticated")
        path, query = at.partition("?")[0], dict(request.query)
        headers = dict(request.headers)
        heard = Heard(service, request.method, path, query, headers, principal, body)
        self.services.heard.append(heard)
        return (
            read(self.services, heard) if request.method == "GET" else write(self.services, heard)
        )


def read(services: Services, heard: Heard) -> web.Response:
    match heard.path.strip("/").split("/"):
        case ["records"]:
            return _listed(services, heard)
        case ["changes"]:
            return _changed(services, heard)
        case ["heads"]:
            return web.json_response({"items": services.heads, "keys": []})
        case ["map"]:
            return web.json_response({"type": "FeatureCollection", "features": []})
        case ["records", record_id, *part]:
            held = services.records.get(record_id)
            if held is None or not held.readable_by(heard.principal):
                return problem(404, "not_found")
            return web.json_response({"owner": held.owner, "items": []} if part else held.view())
        case _:
            return problem(404, "not_found")


def write(services: Services, heard: Heard) -> web.Response:
    segments = [unquote(each) for each in heard.path.strip("/").split("/")]
    if segments[-1] == "batch":
        return _batch(services, heard)
    known = (heard.principal.client, heard.path, heard.headers["Idempotency-Key"])
    if known in services.commands:
        return _accepted(services.commands[known] | {"replayed": True})
    body = json.loads(heard.body)
    if "wrong" in body:
        wrong = {"pointer": "/wrong", "code": "unknown_field", "detail": "No such field."}
        return problem(422, "invalid", [wrong])
    if heard.headers.get("Parley-Validate-Only") == "true":
        return web.json_response(
            _told(Held("x", "engagement", ""), "created") | {"validated": True}
        )
    record_id = segments[1] if len(segments) == 3 else None
    if record_id is None:
        held, outcome = services.hold(SINGULAR[segments[0]], str(body.get("purpose"))), "created"
    elif record_id in services.records and services.records[record_id].readable_by(heard.principal):
        held, outcome = services.records[record_id], "amended"
        expected = heard.headers.get("Parley-Expected-Version")
        if expected not in (None, str(held.source_version)):
            return problem(409, "version_conflict")
        held.source_version += 1
        held.view_version = held.source_version
    else:
        return problem(404, "not_found")
    services.change(held, source=heard.service)
    services.commands[known] = _told(held, outcome, len(services.changes))
    return _accepted(services.commands[known])


def problem(status: int, code: str, errors: list[dict[str, str]] | None = None) -> web.Response:
    body = {"type": f"urn:parley:problem:{code}", "title": "No", "status": status, "detail": "No."}
    body |= {"instance": "/inside", "code": code, "request_id": "inside", "errors": errors or []}
    return web.json_response(body, status=status, content_type="application/problem+json")


def _told(held: Held, outcome: str, position: int = 0) -> dict[str, Any]:
    return {
        "id": held.id,
        "version": held.source_version,
        "epoch": 1,
        "position": position,
        "readable": ["base", *held.group_labels],
        "outcome": outcome,
        "replayed": False,
        "validated": False,
        "hints": [],
    }


def _accepted(told: dict[str, Any]) -> web.Response:
    return web.json_response(told, status=201 if told["outcome"] == "created" else 200)


def _batch(services: Services, heard: Heard) -> web.Response:
    items = json.loads(heard.body)["items"]
    return web.json_response({"items": [_of_batch(services, heard, item) for item in items]})


def _of_batch(services: Services, heard: Heard, item: dict[str, Any]) -> dict[str, Any]:
    """Once per key, as the services do it."""
    known = (heard.principal.client, heard.path, item["key"])
    if known in services.commands:
        return {"key": item["key"], "status": 201, **services.commands[known], "replayed": True}
    if item["action"] not in ("create", "put_external"):
        wrong = {"code": "not_found", "status": 404, "title": "No such record", "detail": "No."}
        return {"key": item["key"], "status": 404, "problem": wrong}
    if "wrong" in item["body"]:
        field = {"pointer": "/wrong", "code": "unknown_field", "detail": "No such field."}
        refused = {"code": "invalid", "status": 422, "title": "No", "detail": "No."}
        return {"key": item["key"], "status": 422, "problem": refused | {"errors": [field]}}
    plural, body = heard.path.strip("/").split("/")[0], item["body"]
    held = services.hold(SINGULAR[plural], str(body.get("purpose") or body.get("name")))
    services.change(held, source=heard.service)
    services.commands[known] = _told(held, "created", len(services.changes))
    return {"key": item["key"], "status": 201, **services.commands[known]}


def _listed(services: Services, heard: Heard) -> web.Response:
    """Ordered by id; `after` is the last id of the page before."""
    query, size = heard.query, int(heard.query["page_size"])
    wanted = query["ids"].split(",") if "ids" in query else sorted(services.records)
    held = [services.records[each] for each in wanted if each in services.records]
    seen = [each for each in held if each.readable_by(heard.principal)]
    seen = [each for each in seen if query.get("kind", each.kind) == each.kind]
    after = json.loads(query["after"])["id"] if "after" in query else ""
    page = [each for each in seen if each.id > after]
    following = {"id": page[size - 1].id} if len(page) > size else None
    answer: dict[str, Any] = {"items": [each.view() for each in page[:size]], "next": following}
    if query.get("count") == "true":
        answer["count"] = len(seen)
    return web.json_response(answer)


def _changed(services: Services, heard: Heard) -> web.Response:
    now = len(services.changes)
    start = json.loads(heard.query["vector"])["engagements"][1] if "vector" in heard.query else now
    end = min(now, start + int(heard.query["limit"]))
    seen = [
        change
        for change in services.changes[start:end]
        if services.records[change["record_id"]].readable_by(heard.principal)
    ]
    vector = {"engagements": [1, end], "contacts": [1, end]}
    return web.json_response({"changes": seen, "vector": vector, "reset": start > now})


async def soon(condition: Any, seconds: float = 10.0) -> None:
    """Wait until `condition()` holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)
