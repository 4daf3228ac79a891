"""A batch of writes as it arrives: each item parsed, keyed and answered by itself.

An item may name, as its `id`, the record an earlier item of the same batch makes: `@` and that
item's key. Items on one record run in order; others run at once.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from shared import problems, trace
from shared.api.batch import Batch, BatchItem
from shared.batching import run_each
from shared.errors import AppError, InvalidError, NotFoundError, invalid
from shared.http import Caller
from shared.http_commands import Accepted, status_of
from shared.idempotency import CommandRequest
from shared.ids import RecordId
from shared.validation import invalid_fields
from shared.values import ExternalId

SAME_BATCH = "@"

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Asked:
    """One item, ready to be carried out. `id` is None when it makes a record."""

    item: BatchItem
    id: RecordId | None
    request: CommandRequest

    @property
    def external_id(self) -> ExternalId:
        """Raises InvalidError when the item does not name one."""
        return external_id_of(self.item.system, self.item.external_id)

    @property
    def known_id(self) -> RecordId:
        """Raises InvalidError when the item does not say which record it is about."""
        if self.id is None:
            raise invalid("/id", "required", "This action needs the id of a record.")
        return self.id


@dataclass(frozen=True, slots=True)
class Kin:
    """What an item's record is called inside the batch, and which other it must come after."""

    name: str | None = None
    after: str | None = None


Take = Callable[[Asked], Awaitable[Accepted]]
KinOf = Callable[[BatchItem], Kin]


def no_kin(item: BatchItem) -> Kin:
    """For kinds whose records do not name one another."""
    return Kin()


async def batch_request(request: Request, principal: Caller) -> CommandRequest:
    """The request of a whole batch. It needs no Idempotency-Key: its items have theirs."""
    return CommandRequest(
        principal=principal,
        idempotency_key="",
        route=f"{request.method} {request.url.path}",
        digest=b"",
        traceparent=str(trace.current() or trace.new_trace()),
        validate_only=request.headers.get("Parley-Validate-Only") == "true",
    )


WritingMany = Annotated[CommandRequest, Depends(batch_request)]


async def run_batch(
    batch: Batch, take: Take, whole: CommandRequest, kin: KinOf = no_kin
) -> dict[str, Any]:  # Any: JSON
    """Every item's answer, in order."""
    run = _Run(take, whole)
    lanes = lanes_of(batch.items, kin)
    numbered = list(enumerate(batch.items))
    results = await run_each(numbered, run.carry_out, lambda one: lanes[one[0]])
    answers = zip(batch.items, results, strict=True)
    return {"items": [_answer(item, result, whole.route) for item, result in answers]}


def lanes_of(items: Sequence[BatchItem], kin: KinOf = no_kin) -> list[str]:
    """For each item a lane: items on one record, or on records of one family, share it."""
    lanes: list[str] = []
    by_key: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for item in items:
        related = kin(item)
        lane = by_key.get(item.key) or by_name.get(related.after or "") or _lane(item, by_key)
        by_key[item.key] = lane
        if related.name:
            by_name.setdefault(related.name, lane)
        lanes.append(lane)
    return lanes


def parsed(model: type[M], body: Mapping[str, Any]) -> M:  # Any: JSON
    """Raises InvalidError naming each wrong field."""
    try:
        # As JSON, because that is how the same body is read when it comes alone.
        return model.model_validate_json(_as_json(body))
    except ValidationError as wrong:
        findings = [{**found, "loc": ("body", *found["loc"])} for found in wrong.errors()]
        raise invalid_fields(findings, body) from None


def _as_json(body: Any, *, in_order: bool = False) -> bytes:  # Any: JSON
    """`in_order`: of its keys. Whole numbers may be longer than the 64 bits that the fast writer knows."""
    try:
        return orjson.dumps(body, option=orjson.OPT_SORT_KEYS if in_order else None)
    except TypeError:
        return json.dumps(body, sort_keys=in_order).encode()


def unknown_action() -> InvalidError:
    return invalid("/action", "not_one_of", "These records know no such action.")


def external_id_of(system: str | None, external_id: str | None) -> ExternalId:
    """Raises InvalidError when either is missing or has not the form."""
    named = {"system": system, "id": external_id}
    return parsed(ExternalId, {key: value for key, value in named.items() if value is not None})


@dataclass(frozen=True, slots=True)
class _Run:
    take: Take
    whole: CommandRequest
    made: dict[str, RecordId] = field(default_factory=dict)

    async def carry_out(self, numbered: tuple[int, BatchItem]) -> Accepted:
        item = numbered[1]
        accepted = await self.take(Asked(item, self._id(item), self._request(item)))
        self.made[item.key] = accepted.id
        return accepted

    def _id(self, item: BatchItem) -> RecordId | None:
        if item.id is None:
            return None
        if item.id.startswith(SAME_BATCH):
            found = self.made.get(item.id.removeprefix(SAME_BATCH))
            if found is None:
                raise invalid("/id", "unknown_reference", "No earlier item made that record.")
            return found
        try:
            return RecordId.parse(item.id)
        except ValueError:
            raise NotFoundError from None

    def _request(self, item: BatchItem) -> CommandRequest:
        principal = self.whole.principal
        if item.scenario_time is not None:
            principal = replace(principal, scenario_time=item.scenario_time)
        content = _as_json(item.model_dump(mode="json"), in_order=True)
        return replace(
            self.whole,
            principal=principal,
            idempotency_key=item.key,
            digest=hashlib.sha256(content).digest(),
            expected_version=None,
        )


def _lane(item: BatchItem, by_key: Mapping[str, str]) -> str:
    if item.id is not None:
        key = item.id.removeprefix(SAME_BATCH)
        return by_key.get(key, item.id) if item.id.startswith(SAME_BATCH) else item.id
    if item.external_id is not None:
        return f"{item.system}|{item.external_id}"
    return f"{SAME_BATCH}{item.key}"


def _answer(item: BatchItem, result: Accepted | AppError, path: str) -> dict[str, Any]:  # Any: JSON
    if isinstance(result, AppError):
        span = trace.current()
        problem = problems.problem(result, path, span.trace_id if span else "")
        return {"key": item.key, "status": result.status, "problem": problem}
    return {"key": item.key, "status": status_of(result), **result.model_dump(mode="json")}
