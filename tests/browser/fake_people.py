"""People and posts for the pages to show: all invented, one hidden from NGOs, one recorded twice."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.browser.fake_ids import NOW, OURS, Record, an_id

TO_ALL = {"level": "unclassified", "releasable_to": [["all"]], "caveats": []}
TO_PARTNERS = {
    "level": "unclassified",
    "releasable_to": [["mil", "mission", "un", "ngo"]],
    "caveats": [],
}
TO_UN = {"level": "unclassified", "releasable_to": [["mil", "mission", "un"]], "caveats": []}
MILITARY = {"level": "confidential", "releasable_to": [["mil"]], "caveats": []}
PRIVATE = {"level": "confidential", "releasable_to": [], "caveats": ["PROTECTION"]}
CHIEF, COMMISSIONER, TRADER, TWICE, HIDDEN = (an_id("person", 101 + n) for n in range(5))
CHIEFTAINCY, OFFICE, EMPTY = (an_id("post", 1 + n) for n in range(3))
UNION, COMMITTEE = an_id("organisation", 2), an_id("organisation", 4)
DESCRIBED = {
    CHIEF: "Paramount chief of the river villages",
    COMMISSIONER: "County commissioner",
    TRADER: "Trader at the river landing",
    TWICE: "Chief met at the ferry",
    HIDDEN: "SECRET-PERSON who must not be known of",
}
NAMES = {
    CHIEF: "SECRET-NAME Deng Invented",
    COMMISSIONER: "SECRET-NAME Nyalong Fictional",
    TWICE: "SECRET-NAME Deng the Ferryman",
}
DETAILS = {
    "contact_details": [{"means": "mobile", "value": "SECRET-NUMBER 211 000 000", "note": None}],
    "private_note": {"text": "SECRET-NOTE: ring before noon", "lang": "en"},
}


def people() -> list[Record]:
    return [*(_person(n, id_) for n, id_ in enumerate(DESCRIBED)), *_posts()]


def goes_by(party: str, records: Mapping[str, Record]) -> str:
    """The party's id, and those of records merged into it, with commas between."""
    merged = (id_ for id_, one in records.items() if one.get("merged_into") == party)
    return ",".join([party, *merged])


def refers_to(view: Record, parties: str) -> bool:
    """Whether `view`, as its reader has it, refers to any of these."""
    identity = view.get("identity") or {}
    told = [
        *(view.get("participants") or ()), *(view.get("ties") or ()), view.get("by") or {},
        view.get("to") or {}, *(identity.get("holders") or ()), view,
    ]  # fmt: skip
    names = ("organisation_id", "person_id", "post_id", "merged_into")
    ids = {one.get(name) for one in told for name in names}
    return bool(ids & set(parties.split(",")))


def carried_out(
    records: dict[str, Record], path: str, body: Mapping[str, Any], owner: str
) -> dict[str, Any]:
    """What contacts answers to a command. Any: JSON."""
    parts = path.strip("/").split("/")
    if len(parts) == 1:
        kind = {"people": "person", "posts": "post"}[parts[0]]
        id_ = an_id(kind, 300 + len(records) % 100)
        records[id_] = made(id_, owner, body)
        return {"id": id_, "version": 1}
    _, id_, verb = parts
    if verb == "read_private":
        return {"id": id_, "version": 2, "private": DETAILS}
    records[id_] = acted(records[id_], verb, body)
    return {"id": id_, "version": 2}


def acted(record: Record, verb: str, body: Mapping[str, Any]) -> Record:
    """The record after an order; only what the tests look at."""
    groups = dict(record["groups"])
    match verb:
        case "rename":
            groups["identity"] = {"aliases": [], "form_of_address": None, **body}
        case "take":
            held = (groups.get("identity") or {}).get("holders", [])
            taken = {"until": None, "reason": None, "acting": False, **body}
            groups["identity"] = {"holders": [*held, taken]}
        case "leave":
            groups["identity"] = {
                "holders": [_left(one, body) for one in groups["identity"]["holders"]]
            }
        case "tie":
            return record | {"ties": [*record["ties"], _tie(**body)]}
        case "merge":
            return record | {"status": "merged", "merged_into": body["into"]}
        case "unmerge":
            return record | {"status": "active", "merged_into": None}
        case "amend":
            fields = {key: body[key] for key in ("described_as", "note") if key in body}
            return record | fields | {"title": body.get("described_as") or record["title"]}
    return record | {"groups": groups}


def made(id_: str, owner: str, body: Mapping[str, Any]) -> Record:
    """A new person or post, with the labels of the mission's defaults."""
    kind = id_.split("_")[0]
    base = _person(0, CHIEF) if kind == "person" else _posts()[2]
    title = body.get("described_as") or body.get("name")
    empty = {"groups": {"identity": body.get("identity")}, "note": None}
    own = {key: body[key] for key in ("ties", "organisation_id", "area") if key in body}
    return base | empty | {"ties": [], "languages": []} | own | {
        "id": id_, "owner": owner, "title": title,
    }  # fmt: skip


def _person(n: int, id_: str) -> Record:
    described = _text(DESCRIBED[id_])
    return {
        "id": id_,
        "kind": "person",
        "status": "merged" if id_ == TWICE else "active",
        "owner": OURS,
        "title": described,
        "described_as": described,
        "note": _text("Speaks for the villages downstream.") if n == 0 else None,
        "languages": _languages() if n == 0 else [],
        "ties": [_tie(UNION, "leader"), _tie(COMMITTEE, "member")][: 2 - n] if n < 2 else [],
        "merged_into": CHIEF if id_ == TWICE else None,
        "external_ids": [],
        "labels": {
            "base": MILITARY if id_ == HIDDEN else TO_PARTNERS,
            "identity": TO_UN,
            "protocol": TO_UN,
            "private": PRIVATE,
        },
        "groups": {
            "identity": _identity(id_),
            "protocol": {"notes": [_note("greeting", "SECRET-PROTOCOL: greet the elders first")]}
            if n == 0
            else None,
        },
        **_stamps(n),
    }


def _identity(id_: str) -> dict[str, Any] | None:
    if id_ not in NAMES:
        return None
    aliases = [
        {
            "name": {"text": "دينق المتخيل", "lang": "ar", "script": "Arab"},
            "alias_kind": "other_spelling",
            "transliteration": "SECRET-NAME Dinq",
        }
    ]
    return {
        "name": {"text": NAMES[id_], "lang": "din", "script": None},
        "aliases": aliases if id_ == CHIEF else [],
        "form_of_address": _text("Chief") if id_ == CHIEF else None,
    }


def _languages() -> list[dict[str, Any]]:
    profile = {"listening": "3", "speaking": "3", "reading": "1+", "writing": "1"}
    arabic = {"language": "ara", "profile": profile, "basis": "certified",
              "assessed_on": "2020-03-01", "expires_on": "2023-03-01"}  # fmt: skip
    dinka = dict.fromkeys(profile, "5")
    return [arabic, {"language": "din", "profile": dinka, "basis": "observed",
                     "assessed_on": None, "expires_on": None}]  # fmt: skip


def _posts() -> list[Record]:
    taken = [
        _holder(COMMISSIONER, "2019-02-01", "2020-06-30"),
        _holder(TRADER, "2020-07-01", "2020-12-31", acting=True),
        _holder(CHIEF, "2022-01-10", None),
    ]
    held = {
        CHIEFTAINCY: (
            "Paramount chief, river villages",
            UNION,
            [_holder(CHIEF, "2015-05-01", None)],
        ),
        OFFICE: ("Chair of the peace committee", COMMITTEE, taken),
        EMPTY: ("Women's representative", COMMITTEE, []),
    }
    return [
        {
            "id": id_,
            "kind": "post",
            "status": "active",
            "owner": OURS,
            "title": _text(name),
            "name": _text(name),
            "organisation_id": organisation,
            "place_id": None,
            "area": "SS08",
            "note": None,
            "external_ids": [],
            "labels": {"base": TO_ALL, "identity": TO_UN},
            "groups": {"identity": {"holders": holders} if holders else None},
            **_stamps(n),
        }
        for n, (id_, (name, organisation, holders)) in enumerate(held.items())
    ]


def _holder(person: str, since: str, until: str | None, *, acting: bool = False) -> dict[str, Any]:
    told = {"since": since, "until": until, "acting": acting, "reason": None}
    return {"person_id": person, **told}


def _left(holder: Record, body: Mapping[str, Any]) -> Record:
    leaves = holder["person_id"] == body["person_id"] and holder["until"] is None
    return holder | {"until": body["until"]} if leaves else holder


def _tie(organisation_id: str, tie: str, **rest: Any) -> dict[str, Any]:  # Any: JSON
    grade = {"reliability": "B", "credibility": "2"}
    told = {"since": None, "until": None, "grade": grade, **rest}
    return {"organisation_id": organisation_id, "tie": tie, **told}


def _note(topic: str, words: str) -> dict[str, Any]:
    return {"topic": topic, "text": _text(words)}


def _text(words: str) -> dict[str, Any]:
    return {"text": words, "lang": "en"}


def _stamps(n: int) -> Record:
    at = (NOW - timedelta(minutes=13 * n + 7)).strftime("%Y-%m-%dT%H:%M:%SZ")
    stamps = {"recorded_at": at, "updated_at": at, "tags": ["EXERCISE"]}
    return stamps | {"view_version": 1, "source_version": 1}
