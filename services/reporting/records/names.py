"""The names a record goes by, as rows of the table that is searched under any spelling. Pure."""

from collections.abc import Iterator
from typing import Any

from services.reporting.records.document import Document, Fields
from services.reporting.records.rows import LabelIds, Row
from services.reporting.records.spelling import Spelling, spelling

# How much a name counts by where it stands: its own before another before a spelling of either.
NAME, ALIAS, TRANSLITERATION = 1.0, 0.99, 0.98
# How much a place counts by what it is: a district goes before a camp of the same name.
LEVELS = {"country": 1.0, "admin1": 1.0, "admin2": 0.995, "admin3": 0.99, "settlement": 0.97}
OTHER_LEVEL = 0.96

Weighed = tuple[str, float]


def name_rows(document: Document, ids: LabelIds) -> Iterator[Row]:
    """One for each spelling that differs within a group, the weightiest of those that do not."""
    for group, part in document.parts.items():
        label_id = ids[document.effective_label(group)]
        for found, (name, weight) in sorted(_spelled(part.fields or {}).items(), key=_folded):
            yield {
                "record_id": document.id,
                "grp": group,
                "label_id": label_id,
                "name": name,
                "folded": found.folded,
                "heard": found.heard,
                "bones": found.bones,
                "weight": round(weight * _importance(document.base), 4),
            }


def _spelled(fields: Fields) -> dict[Spelling, Weighed]:
    """The weightiest name of each spelling."""
    found: dict[Spelling, Weighed] = {}
    named = list(_names(fields))
    spellings = {name: spelling(name) for name in dict(named)}
    for name, weight in named:
        key = spellings[name]
        if key.folded and weight > found.get(key, ("", 0.0))[1]:
            found[key] = (name, weight)
    return found


def _folded(item: tuple[Spelling, Weighed]) -> str:
    return item[0].folded


def _names(fields: Fields) -> Iterator[Weighed]:
    for field in ("title", "name", "short_name"):
        if text := _text(fields.get(field)):
            yield text, NAME
    for field in ("aliases", "alternative_names", "people"):
        for one in fields.get(field) or ():
            for text in (_text(one), _text(one.get("name"))):
                if text:
                    yield text, ALIAS
            if one.get("transliteration"):
                yield one["transliteration"], TRANSLITERATION


def _text(value: Any) -> str | None:  # Any: JSON
    """Of a name, or of words by themselves; None of anything else, and of no letters."""
    text = value.get("text") if isinstance(value, dict) else value
    return text if isinstance(text, str) else None


def _importance(base: Fields) -> float:
    return LEVELS.get(base["level"], OTHER_LEVEL) if base.get("level") else 1.0
