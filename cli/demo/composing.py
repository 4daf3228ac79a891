"""One engagement's words and references, composed from the demo's material."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cli.demo.audiences import Json, Writer
from cli.demo.material import County, Organisation, Theme, Words

# Of all engagements: how many have each of these.
NAMED, PINNED, PREPARED, SOURCED, UNPLACED = 0.6, 0.25, 0.5, 0.5, 0.04
# Of those with somebody known to meet: how many name that person.
KNOWN = 0.6


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and where: `ids` gives the record id of an organisation's key or a county's p-code.

    `needs_approval`: types of engagement that a second person approves. `people`: keys of those who are
    known, by their organisation's key.
    """

    words: Words
    organisations: tuple[Organisation, ...]
    counties: tuple[County, ...]
    ids: Mapping[str, str]
    needs_approval: frozenset[str]
    people: Mapping[str, Sequence[str]]


def engagement(cast: Cast, writer: Writer, theme: Theme, chance: random.Random) -> Json:
    county = chance.choice(cast.counties)
    told: Json = {
        "type": chance.choice(theme.types).value,
        "purpose": _text(chance.choice(theme.purposes).format(place=county.name), theme),
        "desired_effect": theme.effect.value,
        "place": {"place_id": cast.ids[county.pcode]},
        "participants": _participants(cast, writer, theme, chance),
        "language": theme.language,
    }
    if chance.random() < UNPLACED:
        return told | {"place": {"name": chance.choice(cast.words.unplaced)}}
    if chance.random() < PINNED:
        told["exact_place"] = _spot(cast, county, chance)
    if writer.prepares and theme.talking_points and chance.random() < PREPARED:
        told["own_side"] = _preparation(theme)
    return told


def counterpart_of(told: Json) -> str | None:
    """The first organisation met, by its id."""
    met = [one for one in told["participants"] if one["side"] == "counterpart"]
    return next((one["organisation_id"] for one in met if "organisation_id" in one), None)


def debrief(theme: Theme, writer: Writer, chance: random.Random) -> Json:
    atmosphere = chance.choices(("positive", "neutral", "negative"), (5, 4, 1))[0]
    said: Json = {
        "summary": _text(chance.choice(theme.summaries), theme),
        "outcomes": _text(chance.choice(theme.outcomes), theme),
        "next_steps": _text(chance.choice(theme.next_steps), theme),
        "atmosphere": atmosphere,
    }
    if theme.sources and writer.has_sources and chance.random() < SOURCED:
        grade = {"reliability": chance.choice("BCF"), "credibility": chance.choice("236")}
        said["source"] = {"description": _text(chance.choice(theme.sources), theme), "grade": grade}
    return said


def retold(writer: Writer) -> Json | None:
    """A later, wider label: what has happened may be told to more. Only the liaison branch does it."""
    if not writer.has_sources:
        return None
    label = {"level": "unclassified", "releasable_to": [["mil", "mission", "un", "ngo"]]}
    return {"label": label, "reason": "Agreed with all who took part."}


def _participants(cast: Cast, writer: Writer, theme: Theme, chance: random.Random) -> list[Json]:
    met = [o for o in cast.organisations if o.kind in theme.met and not o.audience]
    others = [o for o in met if o.key != writer.organisation]
    chosen = chance.sample(others, k=min(len(others), chance.choice((1, 1, 2))))
    ours = {"side": "ours", "organisation_id": cast.ids[writer.organisation]}
    sides = [{"side": "counterpart", "organisation_id": cast.ids[o.key]} for o in chosen]
    known = [person for o in chosen for person in cast.people.get(o.key, ())]
    if known and writer.knows_people and chance.random() < KNOWN:
        return [ours, *sides, {"side": "counterpart", "person_id": cast.ids[chance.choice(known)]}]
    if chance.random() < NAMED:
        return [
            ours,
            *sides,
            {"side": "counterpart", "name": {"text": _person(cast.words, chance)}},
        ]
    return [ours, *sides]


def _person(words: Words, chance: random.Random) -> str:
    parts: Sequence[str] = [
        chance.choice(of) for of in (words.ranks, words.given_names, words.family_names)
    ]
    return " ".join(part for part in parts if part)


def _spot(cast: Cast, county: County, chance: random.Random) -> Json:
    lat, lon = (value + chance.uniform(-0.08, 0.08) for value in (county.lat, county.lon))
    point = {"lat": round(lat, 5), "lon": round(lon, 5)}
    return {
        "point": point,
        "description": {"text": chance.choice(cast.words.unplaced), "lang": "en"},
    }


def _preparation(theme: Theme) -> Json:
    return {
        "talking_points": [_text(each, theme) for each in theme.talking_points],
        "do_not_say": [_text(each, theme) for each in theme.do_not_say],
        "red_lines": [_text(each, theme) for each in theme.red_lines],
    }


def _text(words: str, theme: Theme) -> Json:
    return {"text": words, "lang": theme.language}
