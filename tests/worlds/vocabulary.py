"""What random programs talk about: few words, so that searches meet, and labels of every kind."""

from collections.abc import Sequence
from random import Random
from typing import Any

Json = dict[str, Any]  # Any: JSON

WORDS = ("cattle", "corridor", "water", "bridge", "road", "clinic", "school", "ferry")
NAMES = ("Nyakong Deng", "Gatluak Riek", "Achol Majok", "Lokiru Lomude", "Nyakong Dheng")
HOUSES = ("Invented Relief", "Upper Nile Cattle Union", "Riverside Council", "Invented Releif")
PLACES = ("Malakal", "Akobo")
DAYS = tuple(f"2031-03-{day:02d}T09:00:00Z" for day in (1, 2, 3, 9, 20))
# Where and when exactly: of one day and one district, told to its writer alone.
EXACTLY: tuple[Json, ...] = (
    {"starts_at": "2031-03-02T06:10:00Z", "place": {"name": "Lelo"}},
    {"starts_at": "2031-03-02T17:45:00Z", "place": {"name": "Ogod"}},
)
SYSTEMS = (("c2", "A-1"), ("c2", "A-2"), ("town", "ü/1"))
OPEN: Json = {"level": "public", "releasable_to": [["all"]], "caveats": []}
MILITARY: Json = {"level": "public", "releasable_to": [["mil"]], "caveats": []}
# Only their writer's organisation, or those with a caveat that none of the callers compared has.
HIDDEN: tuple[Json, ...] = (
    {"level": "public", "releasable_to": [], "caveats": []},
    {"level": "strictly_confidential", "releasable_to": [["all"]], "caveats": ["SOURCE"]},
)


def words(chance: Random) -> str:
    return " ".join(chance.sample(WORDS, 2))


def engagement(chance: Random, label: Json, people: Sequence[str], houses: Sequence[str]) -> Json:
    party: Json = {"side": "counterpart"}
    if people and chance.random() < 0.4:
        party["person_id"] = chance.choice(people)
    elif houses and chance.random() < 0.5:
        party["organisation_id"] = chance.choice(houses)
    else:
        party["name"] = chance.choice(NAMES)
    return {
        "purpose": f"Talks on {words(chance)}",
        "type": chance.choice(("routine_liaison", "key_leader_engagement")),
        "starts_at": chance.choice(DAYS),
        "place": {"name": chance.choice(PLACES)},
        "participants": [party],
        "exact_place": {"point": {"lat": 9.5 + chance.randrange(40) / 100, "lon": 31.6}},
        "label": label,
        "group_labels": {"identity": label, "exact_place": label},
    }


def person(chance: Random, label: Json, houses: Sequence[str]) -> Json:
    ties = [{"organisation_id": chance.choice(houses)}] if houses else []
    return {
        "described_as": f"Chief of the {chance.choice(WORDS)}",
        "identity": {"name": chance.choice(NAMES)},
        "protocol": [{"text": f"Offers {chance.choice(WORDS)}"}],
        "ties": ties,
        "label": label,
        "group_labels": {"identity": label, "protocol": label},
    }


def organisation(chance: Random, label: Json) -> Json:
    return {
        "name": chance.choice(HOUSES),
        "organisation_kind": chance.choice(("ngo", "unknown")),
        "note": words(chance),
        "label": label,
    }


def post(chance: Random, label: Json, houses: Sequence[str]) -> Json:
    body: Json = {"name": f"Head of {chance.choice(WORDS)}", "label": label}
    return body | ({"organisation_id": chance.choice(houses)} if houses else {})


def commitment(chance: Random, label: Json, houses: Sequence[str]) -> Json:
    body: Json = {
        "direction": "by_us",
        "what": f"Repair the {words(chance)}",
        "due_at": chance.choice(DAYS),
        "label": label,
    }
    return body | ({"to": {"organisation_id": chance.choice(houses)}} if houses else {})
