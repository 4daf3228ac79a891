"""A gateway of pages only, for looking and for tests: real pages, stand-in services and sessions.

python -m tests.browser.fake_gateway 8099
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from services.gateway.access.accounts import Emergency
from services.gateway.access.session_store import Lasting, Viewing
from services.gateway.web.dashboard import Behind, SessionOf, dashboard
from services.gateway.web.not_found import answer_strangers
from services.gateway.web.router import web_router
from shared.clock import utc_now
from shared.ids import RecordId
from shared.policy import load_policy
from shared.principal import Principal
from shared.roles import Role
from tests.browser.anew import Anew
from tests.browser.fake_access import FakeAccess
from tests.browser.fake_emergencies import FakeEmergencies
from tests.browser.fake_jobs import FakeJobs
from tests.browser.fake_oversight import FakeOversight
from tests.browser.fake_passkeys import FakePasskeys
from tests.browser.fake_reporting import FakeUpstream
from tests.browser.fake_viewings import FakeViewings
from tests.browser.fake_views import FakeViews
from tests.browser.fake_webhooks import FakeWebhooks
from tests.browser.fake_world import OURS, an_id

POLICY = Path(__file__).parents[2] / "deploy" / "policy" / "mission.toml"


@dataclass
class FakeSession:
    principal: Principal
    display_name: str
    csrf_token: str = "a-token"
    signed_in_at: datetime | None = None
    emergency: Emergency | None = None
    viewing: Viewing | None = None


def liaison_officer() -> FakeSession:
    who = Principal(
        subject="user:liaison-officer", organisation=RecordId.parse(OURS), client="session:1",
        communities=frozenset({"mil"}), caveats=frozenset({"OWN_SIDE", "PROTECTION"}), levels={"un": 2},
        roles=frozenset({Role.LIAISON_OFFICER, Role.ACCESS_ADMINISTRATOR}),
    )  # fmt: skip
    return FakeSession(who, "Capt. Invented Officer")


def chief() -> FakeSession:
    """A second person of the liaison officer's organisation, who approves."""
    who = Principal(
        subject="user:chief", organisation=RecordId.parse(OURS), client="session:3",
        communities=frozenset({"mil"}), caveats=frozenset({"OWN_SIDE", "PROTECTION"}), levels={"un": 2},
        roles=frozenset({Role.OPERATIONS}),
    )  # fmt: skip
    return FakeSession(who, "Maj. Fictional Chief")


def ngo() -> FakeSession:
    who = Principal(
        subject="user:ngo", organisation=RecordId.parse(an_id("organisation", 3)), client="session:2",
        communities=frozenset({"ngo"}), levels={"un": 1}, roles=frozenset({Role.PARTNER}),
    )  # fmt: skip
    return FakeSession(who, "Invented Relief desk")


def duty_officer() -> FakeSession:
    who = Principal(
        subject="user:duty-officer", organisation=RecordId.parse(OURS), client="person:duty-officer",
        communities=frozenset({"mil", "mission"}), levels={"un": 2}, roles=frozenset({Role.OPERATIONS}),
    )  # fmt: skip
    return FakeSession(who, "Maj. Invented Duty")


PEOPLE = {
    "liaison-officer": liaison_officer,
    "ngo-forum": ngo,
    "chief": chief,
    "duty-officer": duty_officer,
}


class Changes:
    """A log of changes, replayed from any id, as the gateway's own stream does."""

    def __init__(self) -> None:
        self.log: list[dict[str, str]] = []
        self.grown = asyncio.Condition()

    async def add(self, topic: str, record_id: str) -> None:
        async with self.grown:
            self.log.append({"topic": topic, "id": record_id})
            self.grown.notify_all()

    async def since(self, number: int) -> AsyncIterator[str]:
        yield f"id: {number}\nevent: ready\ndata: {{}}\n\n"
        while True:
            for change in self.log[number:]:
                number += 1
                yield f"id: {number}\nevent: {change['topic']}\ndata: {orjson.dumps(change).decode()}\n\n"
            async with self.grown:
                while len(self.log) <= number:
                    await self.grown.wait()


async def sessions_of(request: Request, principal: Principal) -> list[Lasting]:
    now = utc_now()
    return [Lasting(now, now, True), Lasting(now - timedelta(hours=3), now, False)]


def create() -> FastAPI:
    policy = load_policy(POLICY)
    upstream, changes = FakeUpstream(policy), Changes()
    app = FastAPI()
    app.state.upstream, app.state.changes = upstream, changes

    async def place(request: Request, principal: Principal) -> str:
        return str(len(changes.log))

    emergencies, viewings = FakeEmergencies(policy), FakeViewings(policy)

    oversight, office, hooks = FakeOversight(policy), FakeAccess(), FakeWebhooks()
    behind = Behind(
        upstream=upstream,
        session=_session_of(emergencies, viewings),
        place=place,
        views=FakeViews(),
        oversight=oversight,
        access=office,
        emergencies=emergencies,
        viewings=viewings,
        webhooks=hooks,
        sessions=sessions_of,
        jobs=FakeJobs(),
        passkeys=FakePasskeys(),
    )
    app.state.dashboard = dashboard(policy, behind, exercise=True)

    app.include_router(_sign_in_routes())
    app.include_router(_levers(upstream, changes))
    app.include_router(_orders(office, hooks))
    app.include_router(emergencies.levers())
    app.include_router(viewings.levers())
    app.include_router(web_router())
    answer_strangers(app)
    return app


def _session_of(emergencies: FakeEmergencies, viewings: FakeViewings) -> SessionOf:
    async def session_of(request: Request) -> FakeSession | None:
        person = PEOPLE.get(request.cookies.get("fake_session", ""))
        if person is None:
            return None
        stale = timedelta(hours=1) if "stale" in request.cookies else timedelta()
        session = replace(person(), signed_in_at=utc_now() - stale)
        name = request.cookies["fake_session"]
        if seen := viewings.seen_by(name, session.principal):
            return replace(session, principal=seen[0], viewing=seen[1])
        lasting = emergencies.of(session.principal.subject)
        if lasting is None:
            return session
        held = session.principal.caveats | lasting.caveats
        principal = replace(session.principal, caveats=held, opened=lasting.caveats)
        return replace(session, principal=principal, emergency=lasting)

    return session_of


def _sign_in_routes() -> APIRouter:
    app = APIRouter()

    @app.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await request.form()
        answer = RedirectResponse(str(form.get("next") or "/"), 303)
        if str(form["username"]) not in PEOPLE or form["password"] != "right":
            return RedirectResponse("/sign-in?failed=failed", 303)
        answer.set_cookie("fake_session", str(form["username"]))
        return answer

    @app.post("/sign-out")
    async def sign_out() -> Response:
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie("fake_session")
        return answer

    return app


def _levers(upstream: FakeUpstream, changes: Changes) -> APIRouter:
    """The live stream, and what a test does to the world behind the pages."""
    app = APIRouter()

    @app.get("/live")
    async def live(request: Request) -> Response:
        last = request.headers.get("last-event-id") or request.query_params.get("since")
        start = int(last) if last else len(changes.log)
        return StreamingResponse(changes.since(start), media_type="text/event-stream")

    @app.get("/fake/sent")
    async def sent() -> list[dict[str, Any]]:
        """Commands as they reached the services. Any: JSON."""
        return [
            {
                "path": path,
                "body": body,
                "key": headers.get("Idempotency-Key"),
                "version": headers.get("Parley-Expected-Version"),
            }
            for _, path, body, headers in upstream.sent
        ]

    @app.post("/fake/change/{record_id}")
    async def change(record_id: str, title: str | None = None) -> dict[str, bool]:
        if title:
            upstream.records[record_id] = {
                **upstream.records[record_id],
                "title": {"text": title, "lang": "en"},
            }
        await changes.add(record_id.split("_")[0], record_id)
        return {"ok": True}

    @app.post("/fake/hide/{record_id}")
    async def hide(record_id: str) -> dict[str, bool]:
        owners = {"level": "confidential", "releasable_to": [], "caveats": []}
        upstream.records[record_id]["labels"]["base"] = owners
        await changes.add(record_id.split("_")[0], record_id)
        return {"ok": True}

    @app.post("/fake/down")
    async def down(paths: str = "") -> dict[str, bool]:
        upstream.down = {path for path in paths.split(",") if path}
        return {"ok": True}

    return app


def _orders(office: FakeAccess, hooks: FakeWebhooks) -> APIRouter:
    app = APIRouter()

    @app.get("/fake/ordered")
    async def ordered() -> list[dict[str, Any]]:
        """Orders about access. Any: JSON."""
        return office.asked

    @app.get("/fake/webhooks")
    async def webhooks() -> list[dict[str, Any]]:
        """What was asked of webhooks. Any: JSON."""
        return hooks.asked

    return app


if __name__ == "__main__":
    uvicorn.run(Anew(create), host="127.0.0.1", port=int(sys.argv[1]), log_level="info")
