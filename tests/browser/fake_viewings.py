"""Viewing as others on the stand-in gateway: in memory, by the real rule of what is then seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request

from services.gateway.access.session_store import Viewing
from services.gateway.viewing.acting import check_may
from services.gateway.viewing.viewed import viewed
from shared.clock import utc_now
from shared.errors import invalid
from shared.policy import Policy
from shared.principal import Principal
from tests.browser.fake_world import an_id

ID = "viewing_00000000000000000000000001"
PARTNER = an_id("organisation", 3)
BEGAN = datetime(2026, 11, 20, 8, 12, tzinfo=UTC)
COOKIE = "fake_session"


@dataclass
class FakeViewings:
    """`of`: by the person's session."""

    policy: Policy
    of: dict[str, Viewing] = field(default_factory=dict)

    def seen_by(self, session_name: str, viewer: Principal) -> tuple[Principal, Viewing] | None:
        """Whose view it is now, if it is not his own."""
        viewing = self.of.get(session_name)
        if viewing is None or viewing.until <= utc_now():
            return None
        level = self.policy.community_levels.get(viewing.audience, 2)
        return viewed(viewer, viewing, {self.policy.id: level}), viewing

    def levers(self) -> APIRouter:
        app = APIRouter()

        @app.post("/fake/own-views")
        async def own_views() -> dict[str, bool]:
            """Everybody is back in his own."""
            self.of.clear()
            return {"ok": True}

        return app

    async def organisations(self, principal: Principal) -> Sequence[str]:
        check_may(principal)
        return [PARTNER]

    async def begin(self, request: Request, key: str, audience: str) -> None:
        if audience not in (*self.policy.communities, f"org:{PARTNER}"):
            raise invalid("/audience", "unknown_audience", "No such audience.")
        until = utc_now() + timedelta(hours=1)
        self.of[request.cookies[COOKIE]] = Viewing(ID, audience, until)

    async def leave(self, request: Request, key: str) -> None:
        self.of.pop(request.cookies[COOKIE], None)

    async def of_person(self, principal: Principal, account_id: str) -> Sequence[dict[str, Any]]:
        lasting = {"began_at": BEGAN, "until": BEGAN + timedelta(hours=1)}
        left = {"left_at": BEGAN + timedelta(minutes=9)}
        return [
            {"audience": "ngo", **lasting, **left},
            {"audience": f"org:{PARTNER}", **lasting, "left_at": None},
        ]
