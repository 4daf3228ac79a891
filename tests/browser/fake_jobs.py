"""Jobs of the stand-in gateway: an export that is done, an import with refused rows, one that was stopped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.errors import NotFoundError
from shared.principal import Principal
from tests.browser.fake_ids import NOW, OURS

Json = dict[str, Any]  # Any: JSON
AT = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
EXPORTED, IMPORTING, STOPPED, ASKED = (f"{number:032x}" for number in (31, 32, 33, 34))
FIELD = "This is needed."


def job(job_id: str, work: str, state: str, **more: Any) -> Json:
    return {
        "id": job_id, "work": work, "records": "engagements", "format": "csv", "state": state,
        "why": None, "progress": {"rows": 12, "total": None, "accepted": None, "rejected": None},
        "file": None, "rejected": None, "unused_columns": [], "asked_at": AT, "ended_at": None,
        "expires_at": AT,
    } | more  # fmt: skip


def jobs() -> dict[str, Json]:
    counted = {"rows": 40, "total": 120, "accepted": 38, "rejected": 2}
    refused = {
        "rejected": f"/v1/jobs/{IMPORTING}/rejected",
        "unused_columns": ["Couleur (#x_colour)"],
    }
    made = (
        job(EXPORTED, "export", "done", file=f"/v1/jobs/{EXPORTED}/file", ended_at=AT),
        job(IMPORTING, "import", "running", records="organisations", progress=counted, **refused),
        job(STOPPED, "export", "stopped", why="too_many", format="ndjson", ended_at=AT),
    )
    return {one["id"]: one for one in made}


@dataclass
class FakeJobs:
    """`asked`: exports, as the pages asked for them."""

    jobs: dict[str, Json] = field(default_factory=jobs)
    asked: list[Json] = field(default_factory=list)

    async def listed(self, principal: Principal) -> list[Json]:
        return [*self.jobs.values()] if str(principal.organisation) == OURS else []

    async def one(self, principal: Principal, job_id: str) -> Json:
        if job_id not in self.jobs or str(principal.organisation) != OURS:
            raise NotFoundError
        return self.jobs[job_id]

    async def rejected(self, principal: Principal, job_id: str, cursor: str | None) -> Json:
        wrong = {"pointer": "/colour", "code": "unknown_field", "detail": FIELD}
        row = {"line": 8, "status": 422, "code": "invalid", "detail": FIELD}
        items = [row | {"row": 7, "errors": [wrong]}, row | {"row": 9, "errors": []}]
        return {"items": items, "next_cursor": None if cursor else "more"}

    async def export(
        self, principal: Principal, plural: str, wished: str, filters: Mapping[str, str], key: str
    ) -> str:
        self.asked.append({"records": plural, "format": wished, "filters": dict(filters)})
        self.jobs[ASKED] = job(ASKED, "export", "waiting", records=plural, format=wished)
        return ASKED

    async def cancel(self, principal: Principal, job_id: str) -> None:
        (await self.one(principal, job_id)).update(state="cancelled", ended_at=AT)

    async def delete(self, principal: Principal, job_id: str) -> None:
        del self.jobs[(await self.one(principal, job_id))["id"]]
