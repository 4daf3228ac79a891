"""What the stand-in services do with removals: each look at one that was approved finds it a step further."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.api.common import AskRemoval, WithReason
from shared.errors import RejectedError
from tests.browser.fake_ids import NOW, OURS, Record, an_id

AT = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
STEPS = ("approved", "destroyed", "refolded", "done")
WAITING, REMOVED = an_id("engagement", 14), an_id("attachment", 2)
ASKED = {"ground": "erasure", "by": "user:liaison-officer", "at": AT,
         "reason": {"text": "She asked for it in writing", "lang": "en"}}  # fmt: skip
Body = Mapping[str, Any]  # Any: JSON


def removed(records: Mapping[str, Record]) -> dict[str, Record]:
    """Of `records` those about which a removal is under way, and a file that is gone."""
    like = records[an_id("attachment", 1)]
    left = {"id": REMOVED, "of": None, "labels": {"base": _for_us(like)}, "groups": {}}
    waiting = records[WAITING] | {"handling": {"removal": ASKED}}
    return {WAITING: waiting, REMOVED: {**like, **left, **_gone("spill", len(STEPS))}}


def removal_ordered(records: dict[str, Record], path: str, body: Body, by: str) -> str | None:
    """The id of the record written; None for what is not this module's."""
    match path.strip("/").split("/"):
        case [_, record_id, "ask_removal"]:
            asked = AskRemoval.model_validate(body)
            told = {"ground": asked.ground, "by": by, "at": AT, "reason": body["reason"]}
            records[record_id] |= {"handling": {"removal": told}}
        case [_, record_id, "refuse_removal"]:
            WithReason.model_validate(body)
            refused = {"removal_refused": {"reason": body.get("reason")}}
            records[record_id] |= {"handling": refused}
        case [_, record_id, "approve_removal"]:
            record = records[record_id]
            asked_for = record["handling"]["removal"]
            if asked_for["by"] == by:
                raise RejectedError("A second person approves: you asked for this yourself.")
            labels = {**record["labels"], "base": _for_us(record)}
            record |= _gone(asked_for["ground"], 0) | {"labels": labels, "groups": {}}
        case _:
            return None
    return record_id


def progress_of(record: Record) -> Record | None:
    """As reporting tells it, and a step further the next time."""
    if record["status"] != "removed":
        return None
    record["steps"] = min(record["steps"] + 1, len(STEPS))
    times = {f"{step}_at": AT if n < record["steps"] else None for n, step in enumerate(STEPS)}
    reached = STEPS[record["steps"] - 1]
    return {"ground": record["removal"]["ground"], "state": reached, **times}


def progress_of_all(records: Sequence[Record], ids: str) -> list[Record]:
    found = ((one["id"], progress_of(one)) for one in records if one["id"] in ids.split(","))
    return [{"record_id": id_, **told} for id_, told in found if told]


def _gone(ground: str, steps: int) -> Record:
    title = {"text": None, "lang": "zxx", "erased": True}
    told = {"state": "removed", "ground": ground}
    return {"status": "removed", "title": title, "removal": told, "steps": steps, "handling": None}


def _for_us(record: Record) -> Record:
    return {**record["labels"]["base"], "releasable_to": [[f"org:{OURS}"]]}
