"""The demo's people and the posts they hold: sixty, all invented, read from people.csv."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cli.demo.acts import Json
from cli.demo.material import FOLDER

PEOPLE = FOLDER / "people.csv"
LANGUAGE_LEVELS = ("listening", "speaking", "reading", "writing")


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the file. `post`: the office held; `follows`: who held it before."""

    key: str
    name: str
    aliases: str
    described_as: str
    organisation: str
    post: str
    since_days: str
    languages: str
    address: str
    protocol: str
    telephone: str
    follows: str


def people() -> tuple[Person, ...]:
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        return tuple(Person(**line) for line in csv.DictReader(file))


def person_body(person: Person, ids: Mapping[str, str]) -> Json:
    """The request that registers somebody."""
    tie = "leader" if person.post else "member"
    told: Json = {
        "described_as": {"text": person.described_as, "lang": "en"},
        "identity": {
            "name": {"text": person.name, "lang": "en", "script": "Latn"},
            "aliases": [_alias(one) for one in person.aliases.split(";") if one],
        },
        "languages": [_language(one) for one in person.languages.split()],
        "ties": [{"organisation_id": ids[person.organisation], "tie": tie}],
    }
    if person.address:
        told["identity"]["form_of_address"] = {"text": person.address, "lang": "en"}
    if person.protocol:
        told["protocol"] = [_note(one) for one in person.protocol.split(";")]
    if person.telephone:
        details = [{"means": "mobile", "value": person.telephone}]
        told["private"] = {"contact_details": details}
    return told


def post_body(person: Person, ids: Mapping[str, str]) -> Json:
    """The request that creates the office somebody holds."""
    name = person.described_as if person.post else ""
    return {
        "name": {"text": name, "lang": "en"},
        "organisation_id": ids[person.organisation],
    }


def post_key(person: Person) -> str:
    return f"post-{person.organisation}"


def holders(person: Person, ids: Mapping[str, str], today: date) -> Iterator[Json]:
    """Requests that fill the post: whoever held it before, then whoever holds it now."""
    if person.follows:
        before = today - timedelta(days=390)
        yield {"person_id": ids[person.follows], "since": before.isoformat()}
    since = today - timedelta(days=int(person.since_days))
    yield {"person_id": ids[person.key], "since": since.isoformat()}


def _alias(told: str) -> Json:
    name, _, transliteration = told.partition("|")
    if transliteration:
        arabic = {"text": name, "lang": "ar", "script": "Arab"}
        return {"name": arabic, "alias_kind": "other_spelling", "transliteration": transliteration}
    return {"name": {"text": name, "lang": "en"}, "alias_kind": "other_spelling"}


def _language(told: str) -> Json:
    language, _, digits = told.partition(":")
    profile: dict[str, Any] = dict(zip(LANGUAGE_LEVELS, digits, strict=True))  # Any: JSON
    return {"language": language, "profile": profile, "basis": "observed"}


def _note(told: str) -> Json:
    topic, _, text = told.partition("|")
    return {"topic": topic, "text": {"text": text, "lang": "en"}}
