"""Jobs of the stand-in gateway: an export that is done, an import with refused rows, one that was stopped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from services.gateway.web.ports_jobs import Sent
from shared.errors import InvalidError, NotFoundError
from shared.principal import Principal
from tests.browser.fake_ids import NOW, OURS

Json = dict[str, Any]  # Any: JSON
AT = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
EXPORTED, IMPORTING, STOPPED, ASKED, CHECKED, WRITTEN, ENDING = (
    f"{number:032x}" for number in range(31, 38)
)
FIELD = "This is needed."
CHECK = {"rows": 5, "total": 5, "accepted": 3, "rejected": 2}
READ = {
    "rejected": f"/v1/jobs/{CHECKED}/rejected",
    "columns": [
        {"column": "But de la rencontre", "field": "purpose"},
        {"column": "starts_at", "field": "starts_at"},
    ],
}


def job(job_id: str, work: str, state: str, **more: Any) -> Json:
    return {
        "id": job_id, "work": work, "records": "engagements", "format": "csv", "state": state,
        "why": None, "progress": {"rows": 12, "total": None, "accepted": None, "rejected": None},
        "file": None, "rejected": None, "columns": [], "unused_columns": [], "checked_only": False,
        "asked_at": AT, "ended_at": None, "expires_at": AT,
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
        job(ENDING, "import", "running", progress=counted),
        job(CHECKED, "import", "done", checked_only=True, progress=CHECK, ended_at=AT, **READ),
        job(STOPPED, "export", "stopped", why="too_many", format="ndjson", ended_at=AT),
    )
    return {one["id"]: one for one in made}


@dataclass
class FakeJobs:
    """`asked`: exports, as pages asked for them; `sent`: files. ENDING is done when looked at again."""

    jobs: dict[str, Json] = field(default_factory=jobs)
    asked: list[Json] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    looks: Iterator[int] = field(default_factory=count)

    async def listed(self, principal: Principal) -> list[Json]:
        return [*self.jobs.values()] if str(principal.organisation) == OURS else []

    async def one(self, principal: Principal, job_id: str) -> Json:
        if job_id not in self.jobs or str(principal.organisation) != OURS:
            raise NotFoundError
        if job_id == ENDING and next(self.looks):
            self.jobs[ENDING].update(state="done", ended_at=AT)
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

    async def check(self, principal: Principal, file: Sent, key: str) -> str:
        if b"no_rows" in file.content:
            raise InvalidError("The file holds no rows.", code="no_rows")
        self.sent.append(file)
        return CHECKED

    async def write(self, principal: Principal, job_id: str, key: str) -> str:
        found = await self.one(principal, job_id)
        self.jobs[WRITTEN] = job(WRITTEN, "import", "waiting", records=found["records"])
        return WRITTEN

    async def cancel(self, principal: Principal, job_id: str) -> None:
        (await self.one(principal, job_id)).update(state="cancelled", ended_at=AT)

    async def delete(self, principal: Principal, job_id: str) -> None:
        del self.jobs[(await self.one(principal, job_id))["id"]]
