"""What the stand-in services do with promises and debriefs: requests are checked as the real ones check."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from shared.api import commitments as api
from shared.api.common import Request
from shared.api.engagements import Debrief, RecordHeld
from shared.errors import invalid
from tests.browser.fake_ids import NOW, Record, an_id

VERBS: Mapping[str, tuple[type[Request], str | None]] = {
    "progress": (api.NoteProgress, "in_progress"),
    "keep": (api.Keep, "kept"),
    "break": (api.Break, "broken"),
    "renegotiate": (api.Renegotiate, None),
    "withdraw": (api.Withdraw, "withdrawn"),
    "acknowledge": (api.Acknowledge, None),
    "dispute": (api.Dispute, None),
    "assess": (api.Assess, None),
    "accept": (Request, "accepted"),
}
Body = Mapping[str, Any]  # Any: JSON


def worked(records: dict[str, Record], path: str, body: Body, owner: str) -> str | None:
    """The id of the record written; None for what is not this module's."""
    match path.strip("/").split("/"):
        case ["engagements", "record_held"]:
            return _held(records, body, owner)
        case ["engagements", record_id, "debrief"]:
            Debrief.model_validate(body)
            records[record_id] |= _debriefed(body)
            _promised(records, record_id, body, owner)
            return record_id
        case ["commitments"]:
            api.GiveCommitment.model_validate(body)
            return _given(records, body, owner, body.get("engagement_id"))
        case ["commitments", record_id, verb]:
            return _changed(records, record_id, verb, body)
        case _:
            return None


def attached(records: dict[str, Record], path: str, content: bytes, owner: str) -> str:
    """The id of the file now kept."""
    at, _, query = path.partition("?")
    made, like = an_id("attachment", 100 + len(records) % 800), records[an_id("attachment", 1)]
    told = parse_qs(query)
    records[made] = {
        **like,
        "id": made,
        "owner": owner,
        "of": at.split("/")[2],
        "title": {"text": told["name"][0], "lang": None},
        "media_type": "text/plain",
        "size_bytes": len(content),
    }
    return made


def _held(records: dict[str, Record], body: Body, owner: str) -> str:
    if "nowhere" in str(body.get("place")):
        raise invalid("/place/name", "unknown_place", "No place is called so.")
    RecordHeld.model_validate(body)
    made, like = an_id("engagement", 700 + len(records) % 200), records[an_id("engagement", 1)]
    place = body.get("place") or {}
    found = records.get(str(place.get("place_id")))
    text = found["title"]["text"] if found else place.get("name")
    label = {"base": body["label"]} if body.get("label") else {}
    records[made] = {
        **like,
        "id": made,
        "owner": owner,
        "title": body["purpose"],
        "engagement_type": body["type"],
        "starts_at": body["starts_at"],
        "place": {"text": text, "place_id": place.get("place_id"), "area": None} if text else None,
        "participants": [_participant(one) for one in body["participants"]],
        "labels": like["labels"] | label,
        "groups": {"identity": {"people": _named(body)}},
        "updated_at": NOW.isoformat(),
        **_debriefed(body["debrief"]),
    }
    _promised(records, made, body["debrief"], owner)
    return made


def _participant(one: Body) -> Record:
    person = an_id("person", 777) if "name" in one else one.get("person_id")
    return {"side": one["side"], "organisation_id": one.get("organisation_id"), "person_id": person}


def _named(body: Body) -> list[Record]:
    names = [one["name"] for one in body["participants"] if "name" in one]
    return [{"person_id": an_id("person", 777), "name": name} for name in names]


def _debriefed(body: Body) -> Record:
    told = {name: body.get(name) for name in ("summary", "outcomes", "next_steps", "statements")}
    return {"status": "debriefed", **told}


def _promised(records: dict[str, Record], at: str, body: Body, owner: str) -> None:
    for one in body.get("commitments", ()):
        _given(records, one, owner, at)


def _given(records: dict[str, Record], body: Body, owner: str, at: str | None) -> str:
    like, made = records[an_id("commitment", 5)], an_id("commitment", 100 + len(records) % 800)
    ours = {"organisation_id": owner, "person_id": None, "post_id": None}
    other = body.get("by") or body.get("to") or {"organisation_id": an_id("organisation", 2)}
    by_us = body["direction"] == "by_us"
    records[made] = {
        **like,
        "id": made,
        "owner": owner,
        "status": "given",
        "title": body["what"],
        "what": body["what"],
        "direction": body["direction"],
        "by": ours if by_us else other,
        "to": other if by_us else ours,
        "due_at": body.get("due_at"),
        "starts_at": body.get("due_at"),
        "engagement_id": at,
    }
    return made


def _changed(records: dict[str, Record], record_id: str, verb: str, body: Body) -> str:
    request, status = VERBS[verb]
    request.model_validate(body)
    record = records[record_id]
    changed: Record = {"status": status} if status else {}
    match verb:
        case "keep" if not body:
            raise invalid("/evidence", "no_evidence", "Say what shows that it was kept.")
        case "keep":
            changed["evidence"] = body.get("evidence")
        case "progress":
            changed |= {"progress": body["progress"], "notes": [*record["notes"], dict(body)]}
        case "dispute":
            changed["disputes"] = [*record["disputes"], dict(body)]
        case "acknowledge":
            changed["acknowledgements"] = [dict(body)]
        case "renegotiate":
            due = body.get("due_at")
            changed |= {"due_at": due, "starts_at": due, "overdue": False}
        case _:
            pass
    records[record_id] = {**record, **changed}
    return record_id
