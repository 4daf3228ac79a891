"""The Somali location file as places with other names, and names of places that are not in it."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import Any

from deploy.local.layout import ROOT
from services.reporting.records.spelling import spelling
from shared.ids import Kind, RecordId

DATA = ROOT / "tests/data"
SOMALIA, STRANGERS = "somalia_locations.json", "pcodes_south_sudan_somalia.csv"
ELSEWHERE = "SSD"
# The file says "unclassified" of everything below a district.
LEVELS = {"admin1": "admin1", "admin2": "admin2"}


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    level: str
    name: str
    synonyms: tuple[str, ...] = ()
    id: RecordId = field(default_factory=lambda: RecordId.new(Kind.PLACE))

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.synonyms)


def somali_places(folder: Path = DATA) -> list[GazetteerPlace]:
    """Every place of the file that has a name, in its order."""
    return list(_places(json.loads((folder / SOMALIA).read_text("utf-8"))))


def names_elsewhere(known: Sequence[GazetteerPlace], folder: Path = DATA) -> list[str]:
    """South Sudanese districts and states, except any that goes by a name of a known place."""
    taken = {letters(name) for place in known for name in place.names}
    with (folder / STRANGERS).open(encoding="utf-8", newline="") as file:
        rows = [row["Name"] for row in csv.DictReader(file) if row["Location"] == ELSEWHERE]
    return [name for name in dict.fromkeys(rows) if letters(name) not in taken]


def synonym_pairs(places: Sequence[GazetteerPlace]) -> list[tuple[GazetteerPlace, str]]:
    """Each place with the name to ask it by: once for each other name the file gives it."""
    return [(place, asked) for place in places for asked, _ in permutations(place.names, 2)]


def homonyms(places: Sequence[GazetteerPlace]) -> dict[str, set[str]]:
    """Letters of a name -> ids of all places that go by it."""
    found: dict[str, set[str]] = {}
    for place in places:
        for name in place.names:
            found.setdefault(letters(name), set()).add(str(place.id))
    return found


def _places(node: Mapping[str, Any]) -> Iterator[GazetteerPlace]:  # Any: JSON
    if isinstance(name := node.get("name"), str) and letters(name):
        level = LEVELS.get(node["level"], "settlement")
        yield GazetteerPlace(level, name, tuple(node.get("synonyms") or ()))
    for inner in node.values():
        if isinstance(inner, dict):
            yield from _places(inner)


def letters(name: str) -> str:
    return spelling(name).folded.replace(" ", "")
