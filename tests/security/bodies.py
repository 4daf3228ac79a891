"""For every request model of the API a body that is right, about the things it is given."""

from collections.abc import Mapping
from typing import Any

Things = Mapping[str, str]
Json = dict[str, Any]  # Any: JSON
OWNER_ONLY: Json = {"level": "public", "releasable_to": [], "caveats": []}
OPEN: Json = {"level": "public", "releasable_to": [["all"]], "caveats": []}
SKILLS = ("listening", "speaking", "reading", "writing")
WHEN, DAY = "2031-03-02T09:00:00Z", "2025-01-01"


def person(things: Things) -> Json:
    return {
        "described_as": "Chief of the ferry",
        "identity": {"name": "Invented Person"},
        "ties": [{"organisation_id": things["organisation"]}],
        "label": OWNER_ONLY,
    }


def organisation(things: Things) -> Json:
    return {"name": "Invented Relief", "affiliation": things["organisation"], "label": OWNER_ONLY}


def post(things: Things) -> Json:
    return {
        "name": "Head of the ferry",
        "organisation_id": things["organisation"],
        "place_id": things["place"],
        "area": things["pcode"],
        "label": OWNER_ONLY,
    }


def place(things: Things) -> Json:
    return {"name": "Invented", "level": "admin3", "parent_id": things["place"]}


def engagement(things: Things) -> Json:
    return {
        "purpose": "Talks on the ferry",
        "type": "routine_liaison",
        "starts_at": WHEN,
        "place": {"place_id": things["place"]},
        "participants": [
            {"side": "counterpart", "organisation_id": things["organisation"]},
            {"side": "counterpart", "person_id": things["person"]},
        ],
        "label": OWNER_ONLY,
    }


def commitment(things: Things) -> Json:
    return {
        "direction": "by_us",
        "what": "Repair the ferry",
        "to": {"person_id": things["person"]},
        "engagement_id": things["engagement"],
        "label": OWNER_ONLY,
    }


CREATED = {
    "organisations": organisation,
    "places": place,
    "people": person,
    "posts": post,
    "engagements": engagement,
    "commitments": commitment,
}


def body_of(plural: str, verb: str, things: Things) -> Json:
    """What `verb` takes: nothing is missing and nothing is misspelt. Raises KeyError for an unknown verb."""
    if verb == "amend":
        reason = {"reason": "Better known."} if plural in ("engagements", "commitments") else {}
        return CREATED[plural](things) | reason
    if plural == "people" and verb == "alias":
        return {"alias": {"name": "Another name"}}
    if plural == "commitments" and verb == "withdraw":
        return {"reason": "Error."}
    return _VERBS[verb](things)


def nothing(things: Things) -> Json:
    return {}


def _relabelled(things: Things) -> Json:
    return {"label": OPEN}


_VERBS = {
    "relabel": _relabelled,
    "mark": lambda things: {"originator": things["organisation"], "originator_control": True},
    "schedule": lambda things: {"expires_at": WHEN},
    "request_release": _relabelled,
    "request_extract": _relabelled,
    "check_extract": lambda things: {"extract": things["engagement"]},
    "agree_release": nothing,
    "approve_release": nothing,
    "refuse_release": nothing,
    "withdraw_release": nothing,
    "merge": lambda things: {"into": things["organisation"]},
    "unmerge": nothing,
    "retire": nothing,
    "ask_removal": lambda things: {"ground": "spill", "reason": "Too low."},
    "refuse_removal": nothing,
    "approve_removal": nothing,
    "alias": lambda things: {"alias": "Another name"},
    "rename": lambda things: {"name": "Another Name"},
    "language": lambda things: {"language": "fra", "profile": dict.fromkeys(SKILLS, "2")},
    "tie": lambda things: {"organisation_id": things["organisation"]},
    "untie": lambda things: {"organisation_id": things["organisation"], "tie": "member"},
    "protocol": lambda things: {"notes": [{"text": "Offers tea"}]},
    "private": lambda things: {"private_note": "Knows the ferry."},
    "read_private": nothing,
    "take": lambda things: {"person_id": things["person"], "since": DAY},
    "leave": lambda things: {"person_id": things["person"], "until": DAY},
    "plan": nothing,
    "approve": nothing,
    "postpone": nothing,
    "confirm": nothing,
    "hold": nothing,
    "debrief": lambda things: {"summary": "They agreed."},
    "cancel": lambda things: {"reason": "routes"},
    "close": nothing,
    "link": lambda things: {"provisional_id": things["person"], "person_id": things["person"]},
    "accept": nothing,
    "progress": lambda things: {"progress": 1},
    "acknowledge": nothing,
    "dispute": lambda things: {"text": "It was not so."},
    "keep": lambda things: {"evidence": "Seen.", "attachments": [things["attachment"]]},
    "break": lambda things: {"reason": "No road."},
    "renegotiate": lambda things: {"reason": "Rain.", "due_at": WHEN},
    "assess": lambda things: {"assessment": "They will keep it."},
    "withdraw": nothing,
}
