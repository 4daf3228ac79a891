"""Passkeys of the stand-in gateway: two of everybody's; browsers have none at its usual address."""

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from services.gateway.web.ports import Session
from services.gateway.web.ports_signing_in import OwnPasskeys
from shared.clock import utc_now
from shared.errors import NotFoundError
from tests.browser.fake_world import NOW

LAPTOP, KEY = "5c1f" * 8, "7d2e" * 8
FRESH_SECONDS = 600
Json = dict[str, Any]  # Any: JSON


def rows() -> dict[str, Json]:
    at = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
    laptop = {"id": LAPTOP, "name": "Office laptop", "added_at": at, "used_at": at}
    return {LAPTOP: laptop, KEY: {"id": KEY, "name": "Blue key", "added_at": at, "used_at": None}}


@dataclass
class FakePasskeys:
    rows: dict[str, Json] = field(default_factory=rows)
    address: str | None = "http://localhost:8099"

    def offered_at(self, request: Request) -> bool:
        return request.headers.get("host", "").startswith("localhost")

    async def own(self, session: Session) -> OwnPasskeys:
        at = session.signed_in_at
        fresh = at is not None and (utc_now() - at).total_seconds() < FRESH_SECONDS
        return OwnPasskeys(list(self.rows.values()), fresh)

    async def rename(self, session: Session, key: str, passkey_id: str, name: str) -> None:
        self._one(passkey_id)["name"] = name

    async def remove(self, session: Session, key: str, passkey_id: str) -> None:
        self.rows.pop(self._one(passkey_id)["id"])

    def _one(self, passkey_id: str) -> Json:
        if passkey_id not in self.rows:
            raise NotFoundError
        return self.rows[passkey_id]
