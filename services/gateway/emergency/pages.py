"""What the pages ask of emergency access, answered as the API answers it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from services.gateway.emergency import acting
from services.gateway.emergency.acting import Asked
from services.gateway.emergency.listing import openings_page
from services.gateway.emergency.looks import looks_page
from services.gateway.emergency.reads import emergency_reads_page
from services.gateway.emergency.schemas import BreakGlassAsked, ReviewAsked
from services.gateway.partner_api.bodies import body_of
from services.gateway.web.ports import MayOpen, Session
from services.gateway.wiring import Gateway
from shared.principal import Principal

PAGE = 25
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class GatewayEmergencies:
    gateway: Gateway

    def offered(self, principal: Principal) -> bool:
        return acting.may_ever(principal, self.gateway.policy)

    def may_open(self, session: Session) -> MayOpen:
        acting.check_may(session.principal, self.gateway.policy)
        caveats = acting.may_open(session.principal, self.gateway.policy)
        return MayOpen(caveats, acting.is_fresh(session))

    async def open(
        self, session: Session, key: str, caveats: Sequence[str], minutes: int | None, reason: str
    ) -> None:
        raw = orjson.dumps({"caveats": caveats, "minutes": minutes, "reason": reason})
        asked = _asked(session, key, "emergency/open", raw)
        await acting.break_glass(self.gateway, asked, session, body_of(BreakGlassAsked, raw))

    async def close(self, session: Session, key: str, emergency_id: str) -> None:
        asked = _asked(session, key, f"emergency/{emergency_id}/close", b"")
        await acting.close(self.gateway, asked, emergency_id)

    async def review(
        self, session: Session, key: str, emergency_id: str, finding: str, note: str
    ) -> None:
        raw = orjson.dumps({"finding": finding, "note": note})
        asked = _asked(session, key, f"emergency/{emergency_id}/review", raw)
        await acting.visible(self.gateway, session.principal, emergency_id)
        await acting.review(self.gateway, asked, emergency_id, body_of(ReviewAsked, raw))

    async def listed(self, principal: Principal, cursor: str | None) -> Json:
        page = await openings_page(self.gateway, principal, PAGE, cursor)
        return page.model_dump(mode="json")

    async def one(self, principal: Principal, emergency_id: str) -> Json:
        found = await acting.visible(self.gateway, principal, emergency_id)
        return acting.told(found).model_dump(mode="json")

    async def looks(self, principal: Principal, emergency_id: str, cursor: str | None) -> Json:
        page = await looks_page(self.gateway, principal, emergency_id, PAGE, cursor)
        return page.model_dump(mode="json")

    async def of_owner(self, principal: Principal, cursor: str | None) -> Json:
        page = await emergency_reads_page(self.gateway, principal, PAGE, cursor)
        return page.model_dump(mode="json")


def _asked(session: Session, key: str, route: str, raw: bytes) -> Asked:
    return Asked(session.principal, key, f"page {route}", hashlib.sha256(raw).digest())
