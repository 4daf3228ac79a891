"""Values of a record's history as one line of words each, in the reader's language."""

from collections.abc import Callable, Iterable
from typing import Any

from babel import Locale

from services.gateway.web import times, words
from services.gateway.web.history_contacts import LINES
from services.gateway.web.language_names import language_name

Value = Any  # Any: JSON of a view
FAMILIES = {
    "status": "status", "engagement_type": "engagement_type", "desired_effect": "effect",
    "cancel_reason": "cancel_reason", "atmosphere": "atmosphere", "level": "place_level",
    "organisation_kind": "organisation_kind", "precision": "precision",
    "time_precision": "time_precision",
}  # fmt: skip
MOMENTS = ("starts_at", "ends_at", "due_at")
DATES = ("declassify_at", "expires_at")
REMOVAL = ("removal", "removal_refused")
DOT = " \N{MIDDLE DOT} "


def said(value: Value, field: str, gettext: Callable[[str], str], formats: Locale) -> str:
    """Empty for nothing."""
    if value in (None, "", [], {}):
        return ""
    if field in FAMILIES and isinstance(value, str):
        return gettext(words.source_word(FAMILIES[field], value))
    if field == "language":
        return language_name(str(value), formats)
    if field in MOMENTS:
        return times.moment(value, formats)
    if field == "dates":
        return DOT.join(times.moment(value[name], formats) for name in DATES if value.get(name))
    if field in REMOVAL and isinstance(value, dict):
        return _removal(value, gettext)
    if field in LINES and isinstance(value, list):
        return DOT.join(filter(None, (LINES[field](one, gettext, formats) for one in value)))
    return _plain(value)


def _removal(value: Value, gettext: Callable[[str], str]) -> str:
    """On which ground, and why, as far as it is still known."""
    ground = gettext(words.source_word("ground", value["ground"])) if value.get("ground") else ""
    return DOT.join(filter(None, (ground, (value.get("reason") or {}).get("text"))))


def _plain(value: Value) -> str:
    match value:
        case {"level": level, "releasable_to": audiences}:
            return _label(level, audiences, value.get("caveats") or ())
        case {"text": {"text": text}} | {"name": {"text": text}} | {"text": text}:
            return str(text)
        case {"lat": lat, "lon": lon}:
            return f"{lat:.5f}, {lon:.5f}"
        case {"system": system, "id": id_}:
            return f"{system}: {id_}"
        case {"reliability": reliability, "credibility": credibility}:
            return f"{reliability}{credibility}"
        case list():
            return DOT.join(filter(None, map(_plain, value)))
        case dict():
            return ""
        case _:
            return str(value)


def _label(level: str, audiences: list[list[str]], caveats: Iterable[str]) -> str:
    clauses = " + ".join("/".join(clause).upper() for clause in audiences)
    return " // ".join(filter(None, (level.upper().replace("_", " "), clauses, *caveats)))
