"""What the stand-in services do with releases: requests are checked as the real ones check."""

from collections.abc import Mapping
from typing import Any

from shared.api.common import Relabel
from shared.api.releasing import RequestRelease
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
        case [_, record_id, "approve_release"]:
            wanted = records[record_id]["handling"]["waiting"]["wanted"]
            records[record_id] |= {
                "labels": records[record_id]["labels"] | wanted,
                "handling": None,
            }
        case [_, record_id, "refuse_release" | "withdraw_release"]:
            records[record_id] |= {"handling": None}
        case [_, record_id, "relabel"]:
            Relabel.model_validate(body)
            labels = {"base": body["label"]} | body.get("group_labels", {})
            records[record_id] |= {"labels": records[record_id]["labels"] | labels}
        case _:
            return None
    return record_id
