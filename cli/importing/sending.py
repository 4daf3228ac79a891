"""Sends a plan through the gateway like any partner: parents first, in batches, safe to repeat.

Ids are the file's own, so a second run finds what the first made. Each run has its own idempotency
keys: within a run a repeated batch is answered as before, a later run is judged anew.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson

from cli.client import GatewayClient, batches_of
from shared.importing.plan import Item, Json, Plan, Remark, waves

# Small enough for the progress line to move, large enough not to notice.
ITEMS_AT_ONCE = 200
ATTEMPTS = 8
PAUSE_SECONDS = 0.5
# Another write came first, or the service was busy: neither says anything about the item.
PASSING = frozenset({409, 429, 502, 503})
PASSING_CODES = frozenset({"busy", "conflict", "in_progress", "running"})
OK_BELOW = 300


@dataclass
class Sent:
    """What became of the items so far."""

    counts: Counter[str] = field(default_factory=Counter)
    ids: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.counts.total()


async def send(
    gateway: GatewayClient, plan: Plan, run: str, progress: Callable[[Sent], None]
) -> Sent:
    """`run` names this run. Raises GatewayError when the gateway is gone or refuses all of it."""
    sent = Sent()
    keys = {item.key for item in plan.items}
    for wave in waves(plan.items):
        ready = [item for item in wave if _parent_known(item, keys, sent)]
        by_key = {item.key: item for item in ready}
        for part in batches_of([_request(plan, item, sent, run) for item in ready], ITEMS_AT_ONCE):
            await _send_part(gateway, plan, part, (by_key, sent))
            progress(sent)
    return sent


async def _send_part(
    gateway: GatewayClient,
    plan: Plan,
    part: Sequence[Json],
    known: tuple[dict[str, Item], Sent],
) -> None:
    by_key, sent = known
    waiting = list(part)
    for attempt in range(ATTEMPTS):
        answers = await gateway.batch(plan.kind, waiting)
        again = []
        for request, answer in zip(waiting, answers, strict=True):
            if _is_passing(answer) and attempt + 1 < ATTEMPTS:
                again.append(request)
            else:
                _note(by_key[request["external_id"]], answer, sent)
        if not again:
            return
        waiting = again
        await asyncio.sleep(PAUSE_SECONDS)


def _parent_known(item: Item, keys: set[str], sent: Sent) -> bool:
    """A child of a place that was not accepted cannot be accepted either."""
    if item.parent not in keys or item.parent in sent.ids:
        return True
    sent.counts["rejected"] += 1
    said = f"Its parent {item.parent} was not accepted."
    sent.remarks.append(Remark("rejected", item.row, item.key, said, "/parent_id"))
    return False


def _request(plan: Plan, item: Item, sent: Sent, run: str) -> Json:
    body = dict(item.body)
    if item.parent is not None:
        known = sent.ids.get(item.parent)
        body |= {"parent_id": known} if known else {"parent_pcode": item.parent}
    named = orjson.dumps([run, plan.kind, plan.system, item.key, body])
    return {
        "key": hashlib.sha256(named).hexdigest(),
        "action": "put_external",
        "system": plan.system,
        "external_id": item.key,
        "body": body,
    }


def _is_passing(answer: Json) -> bool:
    code = answer.get("problem", {}).get("code")
    return answer["status"] in PASSING and code in PASSING_CODES


def _note(item: Item, answer: Json, sent: Sent) -> None:
    if answer["status"] < OK_BELOW:
        sent.ids[item.key] = answer["id"]
        sent.counts[answer["outcome"]] += 1
        sent.remarks += [_hinted(item, hint) for hint in answer.get("hints", ())]
        return
    sent.counts["rejected"] += 1
    problem = answer["problem"]
    wrong = problem.get("errors") or [{"pointer": "", "detail": problem.get("detail", "")}]
    sent.remarks += [
        Remark("rejected", item.row, item.key, each["detail"], each["pointer"]) for each in wrong
    ]


def _hinted(item: Item, hint: Json) -> Remark:
    other = f" ({hint['record_id']})" if hint.get("record_id") else ""
    return Remark("duplicate", item.row, item.key, f"{hint['detail']}{other}")
