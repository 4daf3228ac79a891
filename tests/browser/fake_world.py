"""Records for the pages to show when nothing else of the gateway runs: invented people, real places."""

from datetime import datetime, timedelta

from tests.browser.fake_commitments import commitments
from tests.browser.fake_ids import NOW as NOW
from tests.browser.fake_ids import OURS as OURS
from tests.browser.fake_ids import Record as Record
from tests.browser.fake_ids import an_id as an_id
from tests.browser.fake_people import people
from tests.browser.fake_removals import removed

PLACES = (
    ("Juba", "SS01", 4.8517, 31.5825),
    ("Malakal", "SS08", 9.5334, 31.6605),
    ("Bor", "SS03", 6.2088, 31.5594),
    ("Wau", "SS10", 7.7029, 27.9953),
    ("Bentiu", "SS07", 9.2333, 29.8333),
    ("Rumbek", "SS04", 6.8116, 29.6911),
    ("Torit", "SS02", 4.4133, 32.5678),
    ("Aweil", "SS05", 8.7619, 27.3926),
)
ORGANISATIONS = (
    ("Liaison Section, Force Headquarters", "LSFHQ", "military_force"),
    ("Fictional Cattle Keepers' Union", "FCKU", "community"),
    ("Invented Relief", "IR", "ngo"),
    ("Upper Nile Peace Committee (fictional)", "UNPC", "local_authority"),
    ("هيئة الإغاثة المتخيلة", None, "ngo"),
)
PURPOSES = (
    ("Cattle corridor talks", "routine_liaison"),
    ("Ceasefire line walk with both sides", "verification_visit"),
    ("Women's group on market access", "women_group_meeting"),
    ("Courtesy call on the new commissioner", "courtesy_call"),
    ("Convoy safety before the rains", "coordination_meeting"),
    ("Negotiation on river barge access", "negotiation_session"),
    ("Youth meeting after the football match", "youth_meeting"),
    ("Key leader engagement: sector commander", "key_leader_engagement"),
)
# The engagement, by number, of which nobody is told more than the day and the district.
COARSE = 11
STATUSES = ("planned", "confirmed", "held", "debriefed", "proposed", "cancelled")
ORGANISATION_LABEL = {"level": "unclassified", "releasable_to": [["all"]], "caveats": []}
LABELS = (
    {"level": "unclassified", "releasable_to": [["mil", "mission"]], "caveats": []},
    {"level": "confidential", "releasable_to": [["mil"]], "caveats": []},
    {"level": "unclassified", "releasable_to": [["mil", "mission", "un", "ngo"]], "caveats": []},
)


def world() -> dict[str, Record]:
    """All records by id. Each has `labels` per group and `groups` of content."""
    engagements = (_engagement(number) for number in range(30))
    made = [*_organisations(), *_places(), *engagements, *commitments(), *people()]
    records = {record["id"]: record for record in made}
    return records | removed(records)


def _organisations() -> list[Record]:
    return [
        {
            "id": an_id("organisation", n + 1),
            "kind": "organisation",
            "status": "active",
            "owner": OURS,
            "title": {"text": name, "lang": "ar" if short is None else "en"},
            "short_name": {"text": short, "lang": "en"} if short else None,
            "aliases": [],
            "organisation_kind": kind,
            "affiliation": None,
            "note": None,
            "labels": {"base": ORGANISATION_LABEL},
            "groups": {},
            **_stamps(n),
        }
        for n, (name, short, kind) in enumerate(ORGANISATIONS)
    ]


def _places() -> list[Record]:
    public = {"level": "public", "releasable_to": [["all"]], "caveats": []}
    return [
        {
            "id": an_id("place", n + 1),
            "kind": "place",
            "status": "active",
            "owner": OURS,
            "title": {"text": name, "lang": "en"},
            "level": "admin1",
            "pcode": pcode,
            "parent_id": None,
            "point": {"lat": lat, "lon": lon},
            "precision": "settlement",
            "alternative_names": [],
            "source": None,
            "labels": {"base": public},
            "groups": {},
            **_stamps(n),
        }
        for n, (name, pcode, lat, lon) in enumerate(PLACES)
    ]


def _engagement(n: int) -> Record:
    purpose, kind = PURPOSES[n % len(PURPOSES)]
    status = STATUSES[n % len(STATUSES)]
    starts = NOW.replace(minute=0) + timedelta(hours=(20 - n) * 7)
    return {
        "id": an_id("engagement", n + 1),
        "kind": "engagement",
        "status": status,
        "owner": OURS,
        "title": {"text": purpose, "lang": "en"},
        "engagement_type": kind,
        "desired_effect": "understand",
        "starts_at": _iso(starts),
        "ends_at": _iso(starts + timedelta(hours=1)),
        "time_precision": "minute",
        "language": "ar",
        "place": None if n % 9 == 8 else _place(n),
        "participants": _participants(n),
        "labels": _labels(n),
        "groups": _groups(n),
        **(_debrief() if status == "debriefed" else {}),
        **({"cancel_reason": "routes"} if status == "cancelled" else {}),
        **(_coarse(starts) if n == COARSE else {}),
        **_stamps(n),
    }


def _coarse(starts: datetime) -> Record:
    """As its readers are told it who may know the day and the district alone."""
    day = _iso(starts.replace(hour=0))
    district = {"text": "SS08", "area": "SS08", "place_id": None, "point": None}
    return {
        "starts_at": day,
        "ends_at": day,
        "time_precision": "day",
        "place": district | {"precision": "district"},
        "coarse": {"time": "day", "place": "district"},
    }


def point_of(view: Record) -> Record:
    """Of a place that is told coarsely the point of its district; empty where there is none."""
    place = view["place"] or {}
    told = [{"lat": lat, "lon": lon} for _, area, lat, lon in PLACES if area == place.get("area")]
    return place.get("point") or ({**told[0]} if told else {})


def _place(n: int) -> Record:
    name, area, lat, lon = PLACES[n % len(PLACES)]
    return {
        "text": name,
        "place_id": an_id("place", n % len(PLACES) + 1),
        "area": area,
        "point": {"lat": lat, "lon": lon},
        "precision": "settlement",
    }


def _participants(n: int) -> list[Record]:
    theirs = an_id("organisation", n % 4 + 2)
    return [
        {"side": "ours", "organisation_id": OURS, "person_id": None},
        {"side": "counterpart", "organisation_id": theirs, "person_id": None},
        {"side": "counterpart", "organisation_id": None, "person_id": an_id("person", n + 1)},
    ]


def _labels(n: int) -> Record:
    base = LABELS[n % 3]
    return {
        "base": base,
        "identity": base | {"caveats": ["PROTECTION"]},
        "exact_place": base | {"level": "confidential"},
        "own_side": {"level": "confidential", "releasable_to": [], "caveats": ["OWN_SIDE"]},
        "source": {"level": "confidential", "releasable_to": [], "caveats": ["SOURCE"]},
    }


def _groups(n: int) -> Record:
    person = {"person_id": an_id("person", n + 1), "name": _text("SECRET-NAME Invented Person")}
    return {
        "identity": {"people": [person]},
        "exact_place": {
            "point": {"lat": 9.54444, "lon": 31.65355},
            "description": _text("SECRET-SPOT, behind the old ferry landing"),
        },
        "own_side": {
            "talking_points": [_text("SECRET-POINT: open with the joint market day")],
            "do_not_say": [_text("Nothing about the barge incident")],
            "red_lines": [_text("No escort promises")],
        },
        "source": {
            "description": _text("SECRET-SOURCE, a trader"),
            "grade": {"reliability": "B", "credibility": "2"},
        },
    }


def _debrief() -> Record:
    said = _text("We will not move the herd before the visit.")
    grade = {"reliability": "B", "credibility": "3"}
    return {
        "summary": _text("Both sides agreed to keep the corridor open until the first rains."),
        "outcomes": _text("A joint water point visit was agreed."),
        "next_steps": _text("Visit the water point with both committees."),
        "atmosphere": "positive",
        "statements": [{"side": "counterpart", "text": said, "grade": grade}],
    }


def _text(words: str) -> Record:
    return {"text": words, "lang": "en"}


def _stamps(n: int) -> Record:
    at = _iso(NOW - timedelta(minutes=11 * n + 3))
    return {
        "recorded_at": at,
        "updated_at": at,
        "tags": ["EXERCISE"],
        "view_version": 1,
        "source_version": 1,
    }


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
