"""From a file to a plan: which form it has, and who reads that form."""

import re
import unicodedata
from pathlib import Path

import orjson

from cli.importing.people_cards import is_cards, people_of_cards
from cli.importing.place_tree import is_tree, places_of_tree
from cli.importing.places import places_of_table
from shared.importing.organisations import organisations_of_object, organisations_of_table
from shared.importing.people import people_of_object, people_of_table
from shared.importing.plan import Plan, UnreadableFileError, Wishes
from shared.importing.tables import Table, csv_table, json_table

SYSTEM = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TABLES = {
    "organisations": organisations_of_table,
    "places": places_of_table,
    "people": people_of_table,
}


def read_plan(file: Path, what: str, wishes: Wishes) -> Plan:
    """`what` is organisations, places or people. Reads the file. Raises UnreadableFileError."""
    if wishes.system is not None and not SYSTEM.fullmatch(wishes.system):
        raise UnreadableFileError(
            "--system is lower-case letters, digits, '.', '_' and '-', at most 64."
        )
    content = _content(file)
    if is_cards(content):
        if what != "people":
            raise UnreadableFileError("This is a file of vCards: import it as people.")
        return people_of_cards(content, wishes, _system(file))
    text = _text(file, content)
    if text.lstrip()[:1] in ("{", "["):
        return _of_json(text, what, wishes, _system(file))
    return _of_table(csv_table(text), what, wishes, _system(file))


def _of_json(text: str, what: str, wishes: Wishes, system: str) -> Plan:
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as wrong:
        raise UnreadableFileError(f"The file is not JSON: {wrong}.") from wrong
    if isinstance(content, list):
        return _of_table(json_table(content), what, wishes, system)
    if what == "organisations":
        return organisations_of_object(content, wishes)
    if what == "people":
        return people_of_object(content, wishes, system)
    if not is_tree(content):
        raise UnreadableFileError("A JSON object of places is a tree: admin1 > names > places.")
    return places_of_tree(content, wishes)


def _of_table(table: Table, what: str, wishes: Wishes, system: str) -> Plan:
    return _TABLES[what](table, wishes, system)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise UnreadableFileError(f"Cannot read {file}: {wrong.strerror}.") from wrong


def _text(file: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise UnreadableFileError(f"{file} is not UTF-8; save it as UTF-8 first.") from wrong


def _system(file: Path) -> str:
    """The file's name as the name of an id system."""
    letters = unicodedata.normalize("NFKD", file.stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._-]+", "-", letters).strip("._-")[:64] or "file"
