"""Promises for the pages to show: both directions, every column of the board, one hidden from NGOs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.browser.fake_ids import NOW, OURS, Record, an_id

OPEN_TO_ALL = {
    "level": "unclassified",
    "releasable_to": [["mil", "mission", "un", "ngo"]],
    "caveats": [],
}
MILITARY = {"level": "confidential", "releasable_to": [["mil"]], "caveats": []}
OWN_SIDE = {"level": "confidential", "releasable_to": [], "caveats": ["OWN_SIDE"]}
OPEN = ("given", "accepted", "in_progress", "planned", "confirmed", "held", "active")
DAY = timedelta(days=1)
# What, direction, due in days (None: no date), status, overdue.
PROMISES: tuple[tuple[str, str, int | None, str, bool], ...] = (
    ("Repair the water pump at the market", "by_us", -3, "accepted", True),
    ("Return the two bicycles taken at the checkpoint", "to_us", -1, "given", True),
    ("Answer the letter about the night curfew", "by_us", 0, "in_progress", False),
    ("Name a contact for cattle corridor questions", "to_us", 3, "given", False),
    ("Escort the seed convoy to the payam", "by_us", 6, "accepted", False),
    ("Bring the youth leaders to the next meeting", "to_us", 20, "given", False),
    ("Keep the river landing open for barges", "to_us", None, "accepted", False),
    ("Deliver the map of the cleared road", "by_us", -9, "kept", False),
    ("Share the list of the missing before Friday", "to_us", -12, "broken", False),
    ("SECRET-PROMISE about the escort", "by_us", 2, "given", False),
)  # fmt: skip


def commitments() -> list[Record]:
    made = [_commitment(n) for n in range(len(PROMISES))]
    return [*made, _attachment()]


def edges_of(record_id: str, records: Mapping[str, Record]) -> list[Record]:
    """Edges of a record as reporting tells them: what was promised at it, what is attached to it."""
    kinds = {"engagement_id": "given_at", "of": "attached_to"}
    return [
        {"from": one["id"], "to": record_id, "kind": kind, "group": "base"}
        for one in records.values()
        for field, kind in kinds.items()
        if one.get(field) == record_id
    ]


def suggested(visible: list[Record]) -> list[Record]:
    """Met of late: everybody's organisations but our own."""
    others = [one for one in visible if one["kind"] == "organisation" and one["id"] != OURS]
    return [one | {"why": "recent"} for one in others[:4]]


def overlapping(visible: list[Record]) -> list[Record]:
    """One plan of another organisation, to meet ours' counterpart."""
    theirs = an_id("engagement", 3)
    return [one | {"parties": [an_id("organisation", 2)]} for one in visible if one["id"] == theirs]


def fits(view: Record, query: Mapping[str, str]) -> bool:
    """What only lists of commitments are asked for."""
    asked = {
        "overdue": view.get("overdue", False),
        "dated": bool(view.get("starts_at")),
    }
    return all((query[name] == "true") == is_so for name, is_so in asked.items() if name in query)


def _commitment(n: int) -> Record:
    what, direction, days, status, overdue = PROMISES[n]
    ours = {"organisation_id": OURS, "person_id": None, "post_id": None}
    theirs = ours | {"organisation_id": an_id("organisation", n % 4 + 2)}
    due = None if days is None else (NOW + DAY * days).strftime("%Y-%m-%dT23:59:00Z")
    at = (NOW - timedelta(minutes=17 * n + 5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    base = MILITARY if "SECRET" in what else OPEN_TO_ALL
    return {
        "id": an_id("commitment", n + 1),
        "kind": "commitment",
        "status": status,
        "owner": OURS,
        "title": _text(what),
        "what": _text(what),
        "direction": direction,
        "by": ours if direction == "by_us" else theirs,
        "to": theirs if direction == "by_us" else ours,
        "due_at": due,
        "starts_at": due,
        "overdue": overdue,
        "formality": "minuted",
        "conditions": _text("As long as the road is open."),
        "evidence_expected": _text("A photograph of the pump running."),
        "engagement_id": an_id("engagement", 4),
        "progress": 2 if status == "in_progress" else None,
        "notes": [{"progress": 2, "note": _text("A draft is with the legal officer.")}] * (n == 2),
        "acknowledgements": [],
        "disputes": [{"text": _text("We never said so.")}] * (n == 1),
        "labels": {"base": base, "own_side": OWN_SIDE},
        "groups": {"own_side": {"assessment": _text("SECRET-ASSESSMENT: they will try.")}},
        "tags": ["EXERCISE"],
        "recorded_at": at,
        "updated_at": at,
        "view_version": 1,
        "source_version": 1,
    }


def _attachment() -> Record:
    at = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "id": an_id("attachment", 1),
        "kind": "attachment",
        "status": "active",
        "owner": OURS,
        "title": _text("pump-before.jpg"),
        "of": an_id("commitment", 1),
        "media_type": "image/jpeg",
        "size_bytes": 48_211,
        "labels": {"base": OPEN_TO_ALL},
        "groups": {},
        "tags": ["EXERCISE"],
        "recorded_at": at,
        "updated_at": at,
        "view_version": 1,
        "source_version": 1,
    }


def _text(words: str) -> dict[str, Any]:
    return {"text": words, "lang": "en"}
