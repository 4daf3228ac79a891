"""Webhooks of the stand-in gateway: three of them as they may stand, and a log with every outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.errors import NotFoundError, RejectedError
from shared.principal import Principal
from tests.browser.fake_ids import NOW, OURS, an_id

Json = dict[str, Any]  # Any: JSON
AT = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
ACTIVE, STOPPED, NEW = (f"{number:032x}" for number in (1, 2, 3))
SECRET = "whsec_of-the-stand-in"


def hook(webhook_id: str, url: str, state: str, **more: Any) -> Json:
    return {
        "id": webhook_id, "client_id": an_id("client", 1), "url": url, "kinds": ["engagement"],
        "include": "record", "state": state, "why": None, "public_key": "whpk_invented",
        "failing_since": None, "failures": 0, "next_attempt_at": None, "registered_at": AT,
    } | more  # fmt: skip


def hooks() -> dict[str, Json]:
    failing = {"failing_since": AT, "failures": 3, "next_attempt_at": AT}
    made = (
        hook(ACTIVE, "https://map.example/parley", "active", **failing),
        hook(STOPPED, "https://old.example/changes", "disabled", why="gone", kinds=[]),
        hook(NEW, "https://new.example/changes", "pending", include=None),
    )
    return {one["id"]: one for one in made}


def log() -> list[Json]:
    tried = {"at": AT, "status": 503, "why": "status_503", "duration_milliseconds": 40}
    done = {"at": AT, "status": 204, "why": None, "duration_milliseconds": 12}
    lost = {"at": AT, "status": None, "why": "timeout", "duration_milliseconds": 5000}

    def one(number: int, state: str, attempts: list[Json], record: str | None = None) -> Json:
        kind = "parley.engagement.changed" if record else "parley.webhook.ping"
        return {"id": f"{number:032x}", "type": kind, "record_id": record, "state": state,
                "attempts": attempts, "queued_at": AT,
                "settled_at": None if state == "waiting" else AT}  # fmt: skip

    return [
        one(13, "waiting", [lost, tried], an_id("engagement", 2)),
        one(12, "withdrawn", [], an_id("engagement", 99)),
        one(11, "delivered", [done]),
    ]


@dataclass
class FakeWebhooks:
    hooks: dict[str, Json] = field(default_factory=hooks)
    asked: list[Json] = field(default_factory=list)

    async def listed(self, principal: Principal) -> list[Json]:
        return [*self.hooks.values()] if str(principal.organisation) == OURS else []

    async def one(self, principal: Principal, webhook_id: str) -> Json:
        if webhook_id not in self.hooks or str(principal.organisation) != OURS:
            raise NotFoundError
        return self.hooks[webhook_id]

    async def log(self, principal: Principal, webhook_id: str, query: Mapping[str, str]) -> Json:
        found = [one for one in log() if query.get("state") in (None, one["state"])]
        return {"items": found if webhook_id == ACTIVE else [], "next_cursor": None}

    async def act(self, principal: Principal, webhook_id: str, verb: str, key: str) -> Json:
        told = await self.one(principal, webhook_id)
        if verb == "activate" and webhook_id == NEW:
            raise RejectedError("The receiver did not accept the challenge: timeout.")
        self.asked.append({"path": f"{webhook_id}/{verb}"})
        told["state"] = {"activate": "active", "disable": "disabled"}.get(verb, told["state"])
        return told | {"secret": SECRET, "previous_until": AT} if verb == "rotate" else {}

    async def replay(
        self,
        principal: Principal,
        webhook_id: str,
        message_ids: list[str] | None,
        period: tuple[datetime | None, datetime | None],
    ) -> int:
        await self.one(principal, webhook_id)
        spelled = [one.isoformat() if one else None for one in period]
        self.asked.append({"path": f"{webhook_id}/replay", "ids": message_ids, "period": spelled})
        return 1
