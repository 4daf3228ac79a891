"""Emergency access of the stand-in gateway: in memory, in the API's shapes, by its rules of who may."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import APIRouter

from services.gateway.access.accounts import Emergency
from services.gateway.emergency import acting
from services.gateway.web.ports import MayOpen, Session
from shared.clock import utc_now
from shared.errors import ForbiddenError, NotFoundError
from shared.policy import Policy
from shared.principal import Principal
from shared.roles import administers
from tests.browser.fake_world import OURS, an_id

Json = dict[str, Any]  # Any: JSON
PAST = "glass_00000000000000000000000001"
WAITING = "glass_00000000000000000000000002"
LABEL = {"level": "unclassified", "releasable_to": [["mil"]], "caveats": ["PROTECTION"]}


@dataclass
class FakeEmergencies:
    policy: Policy
    kept: dict[str, Json] = field(default_factory=lambda: {one["id"]: one for one in _past()})

    def of(self, subject: str) -> Emergency | None:
        found = [one for one in self._now() if one["account"] == subject and one["open"]]
        return next((Emergency(o["id"], frozenset(o["caveats"]), o["ends"]) for o in found), None)

    def offered(self, principal: Principal) -> bool:
        return acting.may_ever(principal, self.policy)

    def may_open(self, session: Session) -> MayOpen:
        if not self.offered(session.principal):
            raise ForbiddenError("The mission gives your role no emergency access.")
        return MayOpen(acting.may_open(session.principal, self.policy), acting.is_fresh(session))

    async def open(
        self, session: Session, key: str, caveats: Sequence[str], minutes: int | None, reason: str
    ) -> None:
        if not self.may_open(session).fresh:
            raise ForbiddenError("Sign in again first.", code="sign_in_again")
        ends, who = utc_now() + timedelta(minutes=minutes or 60), session.principal
        made = _opening(f"glass_{key[:26]}", who.subject, session.display_name, reason)
        self.kept[made["id"]] = made | {"caveats": list(caveats), "ends": ends}

    async def close(self, session: Session, key: str, emergency_id: str) -> None:
        await self.one(session.principal, emergency_id)
        self.kept[emergency_id] |= {"closed_at": utc_now().isoformat()}

    async def review(
        self, session: Session, key: str, emergency_id: str, finding: str, note: str
    ) -> None:
        said = {"finding": finding, "note": note, "reviewed_at": utc_now().isoformat()}
        self.kept[emergency_id] |= said

    async def listed(self, principal: Principal, cursor: str | None) -> Json:
        everybody = administers(principal.roles)
        found = [o for o in self._now() if everybody or o["account"] == principal.subject]
        return {"items": found[::-1], "next_cursor": None}

    async def one(self, principal: Principal, emergency_id: str) -> Json:
        found = (await self.listed(principal, None))["items"]
        one: Json | None = next((o for o in found if o["id"] == emergency_id), None)
        if one is None:
            raise NotFoundError
        return one

    async def looks(self, principal: Principal, emergency_id: str, cursor: str | None) -> Json:
        return {"items": _looks() if emergency_id in (PAST, WAITING) else [], "next_cursor": None}

    async def of_owner(self, principal: Principal, cursor: str | None) -> Json:
        owns = str(principal.organisation) == OURS
        return {"items": _reads() if owns else [], "next_cursor": None}

    def levers(self) -> APIRouter:
        router = APIRouter()

        @router.post("/fake/shorten")
        async def shorten(seconds: float) -> dict[str, bool]:
            """What is open has only so long."""
            for one in self._now():
                if one["open"]:
                    self.kept[one["id"]]["ends"] = utc_now() + timedelta(seconds=seconds)
            return {"ok": True}

        return router

    def _now(self) -> list[Json]:
        now = utc_now()
        return [
            one
            | {"until": one["ends"].isoformat(), "open": not one["closed_at"] and now < one["ends"]}
            for one in self.kept.values()
        ]


def _opening(id_: str, account: str, name: str, reason: str) -> Json:
    return {
        "id": id_,
        "account": account,
        "name": name,
        "organisation": OURS,
        "caveats": ["PROTECTION"],
        "reason": reason,
        "opened_at": utc_now().isoformat(),
        "ends": utc_now(),
        "closed_at": None,
        "reads": 0,
        "finding": None,
        "note": None,
        "reviewed_at": None,
    }


def _past() -> list[Json]:
    reviewed = {"finding": "justified", "note": "In time.", "reviewed_at": "2026-11-21T09:00:00Z"}
    opened = {"opened_at": "2026-11-20T22:00:00Z", "reads": 2}
    convoy = "Convoy of 40 stopped north of the ferry; who is at the meeting must be warned"
    return [
        _opening(PAST, "user:other", "Capt. Invented Night", convoy) | opened | reviewed,
        _opening(WAITING, "user:night", "Lt. Invented Watch", "Shots at the landing") | opened,
    ]


def _looks() -> list[Json]:
    at: Json = {"at": "2026-11-20T22:05:00Z", "way": "page"}
    hidden = at | {"record": None, "owner": None, "groups": [], "label": None}
    named = at | {"record": an_id("engagement", 2), "owner": OURS, "groups": ["base", "identity"]}
    return [hidden, named | {"label": LABEL}]


def _reads() -> list[Json]:
    return [
        {
            "at": (utc_now() - timedelta(hours=number)).isoformat(),
            "way": "page",
            "organisation": an_id("organisation", 3),
            "account": "account-7",
            "name": None,
            "client": "person:account-7",
            "groups": ["base", "identity"],
            "label": LABEL,
            "record": an_id("engagement", 2),
            "emergency": PAST,
            "reason": "Convoy of 40 stopped north of the ferry",
        }
        for number in (2, 3)
    ]
