"""What the stand-in services do with releases: requests are checked as the real ones check."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.api.common import Relabel
from shared.api.releasing import CheckExtract, RequestExtract, RequestRelease
from shared.errors import RejectedError
from tests.browser.fake_ids import Record

Body = Mapping[str, Any]  # Any: JSON


def released(records: dict[str, Record], path: str, body: Body, by: str) -> str | None:
    """The id of the record written; None for what is not this module's."""
    match path.strip("/").split("/"):
        case [_, record_id, "request_release"]:
            RequestRelease.model_validate(body)
            if body["label"] == records[record_id]["labels"]["base"]:
                raise RejectedError("Nobody new would see it by this label; relabel it instead.")
            wanted = {"base": body["label"]} | body.get("group_labels", {})
            waiting = {"wanted": wanted, "by": by, "agreed": False, "reason": body.get("reason")}
            records[record_id] |= {"handling": {"waiting": waiting}}
        case [_, record_id, "request_extract"]:
            RequestExtract.model_validate(body)
            waiting = {
                "wanted": {"base": body["label"]},
                "by": by,
                "agreed": False,
                "extract": True,
            }
            records[record_id] |= {
                "handling": {"waiting": waiting | {"reason": body.get("reason")}}
            }
        case [_, record_id, "check_extract"]:
            CheckExtract.model_validate(body)
            records[body["extract"]] |= {"checked": True}
        case [_, record_id, "approve_release"]:
            _approve(records[record_id])
        case [_, record_id, "refuse_release" | "withdraw_release"]:
            records[record_id] |= {"handling": None}
        case [_, record_id, "relabel"]:
            Relabel.model_validate(body)
            labels = {"base": body["label"]} | body.get("group_labels", {})
            records[record_id] |= {"labels": records[record_id]["labels"] | labels}
        case _:
            return None
    return record_id


def _approve(record: Record) -> None:
    waiting = record["handling"]["waiting"]
    wanted = waiting["wanted"]
    if waiting.get("extract"):
        record |= {"handling": {"extract_allowed": {"labels": wanted}}}
    else:
        record |= {"labels": record["labels"] | wanted, "handling": None}


def extracts_of(record_id: str, views: Iterable[Record]) -> Record:
    """The pairs whose two ends are among what is seen."""
    seen = {view["id"]: view for view in views}
    source = seen.get(record_id, {}).get("extract_of")
    made = [id_ for id_, view in seen.items() if view.get("extract_of") == record_id]
    checked = bool(seen[record_id].get("checked"))
    changed = seen[record_id].get("status") == "cancelled"
    return {
        "of": [{"id": source, "source_changed": not checked}] if source in seen else [],
        "items": [{"id": one, "source_changed": changed} for one in made],
    }
