"""What the stand-in services do with the dates of labels: requests are checked as the real ones check."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.api.releasing import Mark, Schedule
from shared.errors import invalid
from tests.browser.fake_ids import NOW, Record

Body = Mapping[str, Any]  # Any: JSON


def dated(records: dict[str, Record], path: str, body: Body) -> str | None:
    """The id of the record written; None for what is not this module's."""
    match path.strip("/").split("/"):
        case [_, record_id, "mark"]:
            marked = Mark.model_validate(body).model_dump(mode="json")
            records[record_id] |= {"marked": marked}
            return record_id
        case [_, record_id, "schedule"]:
            Schedule.model_validate(body)
            records[record_id] |= {"handling": {"dates": _dates(body)}}
            return record_id
        case _:
            return None


def _dates(body: Body) -> dict[str, Any]:
    for name in ("declassify_at", "expires_at"):
        if body.get(name) and datetime.fromisoformat(body[name]) <= NOW:
            raise invalid(f"/{name}", "in_past", "This moment has been; relabel it instead.")
    return {
        "declassify_at": body.get("declassify_at"),
        "declassify_to": {"base": body["label"]} if "label" in body else {},
        "expires_at": body.get("expires_at"),
    }
