"""Words as search compares them: no case, no accents, no punctuation, in any script."""

import re
import unicodedata
from typing import Any

WORD_LETTERS = 64
_WORD = re.compile(r"[^\W_]+")
# Text that is looked for. Codes, ids and times are filters, not words.
_SPOKEN = frozenset(
    {
        "title", "name", "short_name", "aliases", "alternative_names", "note", "place", "summary", "outcomes",
        "next_steps", "atmosphere_details", "statements", "details", "description", "talking_points",
        "do_not_say", "red_lines", "people", "pcode", "external_ids",
    }
)  # fmt: skip
_SILENT = frozenset(
    {
        "lang",
        "script",
        "person_id",
        "place_id",
        "area",
        "point",
        "precision",
        "side",
        "grade",
        "system",
    }
)


def folded(text: str) -> str:
    """Without case and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of `text`, in order, each at most WORD_LETTERS long."""
    return [word[:WORD_LETTERS] for word in _WORD.findall(folded(text))]


def searchable(fields: dict[str, Any] | None) -> str:  # Any: JSON
    """The words of a group's fields, spelled as a tsvector."""
    spoken = [value for name, value in (fields or {}).items() if name in _SPOKEN]
    found = set(words_of(" ".join(_texts(spoken, []))))
    return " ".join([f"'{word}'" for word in sorted(found)])


def _texts(value: Any, found: list[str]) -> list[str]:  # Any: JSON
    """`found`, and all text within `value` after it."""
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if inner and name not in _SILENT:
                _texts(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _texts(inner, found)
    return found
