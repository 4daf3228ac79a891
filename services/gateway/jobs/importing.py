"""Imports carried out part by part, as batches of the API: by the same services, under the same rules.

Each row has an idempotency key of its own, made of job and row. So a part that is done again, because whoever
did it was killed before that was written down, changes nothing a second time.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.gateway.jobs import store, turns
from services.gateway.jobs.exporting import part_named
from services.gateway.jobs.job import Box, Job, asked_of, box_of
from services.gateway.jobs.rows import Reader, Ready, Refused, Told, problem_of
from services.gateway.jobs.showing import row_named
from services.gateway.partner_api.kinds import KINDS, KindApi
from services.gateway.wiring import Gateway
from shared.errors import AppError, BusyError
from shared.http_edge import BODY_LIMIT_BYTES
from shared.principal import Principal

BATCH_BYTES = BODY_LIMIT_BYTES // 2
ATTEMPTS, PAUSE_SECONDS = 4, 0.25
ACCEPTED_BELOW = 300
TOO_MANY_REQUESTS = 429
# Another write came first, or the service was busy: neither says anything about the row.
PASSING = frozenset({"busy", "version_conflict", "conflict", "command_running", "part_unavailable"})
Json = dict[str, Any]  # Any: JSON


@dataclass(slots=True)
class Outcome:
    """What came of the rows of a part."""

    accepted: int = 0
    refused: list[Refused] = field(default_factory=list)


async def carry_out(gateway: Gateway, principal: Principal, job: Job, holder: str) -> Job | None:
    """The job after its next part, if there is one; None when it is no longer ours.

    Raises BusyError to be asked again.
    """
    if job.part == job.parts:
        return job
    box, found = box_of(gateway, job), await store.parts(gateway.pool, job.job_id, job.part, 1)
    if not found:
        return None
    api = next(api for api in KINDS if api.plural == job.plural)
    asked, part = asked_of(gateway, job), box.open(part_named(job.part), found[0][1])
    reader = Reader.of(job.job_id, api, asked, part["head"])
    ready, refused = reader.read(Told(*row) for row in part["rows"])
    sender = Sender(gateway, principal, api, asked["validate_only"], Outcome(0, refused))
    for batch in _batches(ready):
        await sender.send(batch)
    outcome = sender.outcome
    kept = _sealed(box, outcome.refused)
    # What was only checked may be asked to be written after all (checked.py).
    keeping = asked["validate_only"]
    if not await turns.dealt(gateway.pool, job, holder, outcome.accepted, kept, keeping=keeping):
        return None
    return replace(job, part=job.part + 1)


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends rows to the service that decides about them."""

    gateway: Gateway
    principal: Principal
    api: KindApi
    validate_only: bool
    outcome: Outcome

    async def send(self, batch: Sequence[Ready]) -> None:
        """Until every row is answered. Raises BusyError while some cannot be."""
        waiting = list(batch)
        for _ in range(ATTEMPTS):
            waiting = self._noted(waiting, await self._answers(waiting))
            if not waiting:
                return
            await asyncio.sleep(PAUSE_SECONDS)
        raise BusyError("Some rows cannot be answered just now.")

    async def _answers(self, batch: Sequence[Ready]) -> list[Json]:
        """One for each row. What is wrong with the request as a whole is wrong with each of them."""
        headers = {"Parley-Validate-Only": "true"} if self.validate_only else {}
        try:
            told = await self.gateway.upstream.command(
                self.api.service,
                "POST",
                f"/{self.api.plural}/batch",
                {"items": [each.item for each in batch]},
                self.principal,
                {"Idempotency-Key": str(batch[0].item["key"]), **headers},
            )
        except AppError as refused:
            if refused.status >= 500 or refused.status == TOO_MANY_REQUESTS:
                raise
            problem = problem_of(refused)
            return [{"status": refused.status, "problem": problem}] * len(batch)
        found: list[Json] = told.body["items"]
        return found

    def _noted(self, batch: Sequence[Ready], answers: Sequence[Json]) -> list[Ready]:
        """Those that are to be asked again."""
        again = []
        for each, told in zip(batch, answers, strict=True):
            if told["status"] < ACCEPTED_BELOW:
                self.outcome.accepted += 1
            elif told["problem"]["code"] in PASSING:
                again.append(each)
            else:
                self.outcome.refused.append(Refused(each.row, told["problem"]))
        return again


def _batches(ready: Sequence[Ready]) -> Iterator[list[Ready]]:
    """In order, each small enough for one request."""
    batch, size = list[Ready](), 0
    for each in ready:
        if batch and size + each.size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += each.size
    if batch:
        yield batch


def _sealed(box: Box, refused: Sequence[Refused]) -> list[tuple[int, bytes]]:
    return [
        (each.row.number, box.seal(row_named(each.row.number), each.to_json())) for each in refused
    ]
