"""Wrong fields as callers see them: pydantic's findings as JSON pointers and stable codes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.errors import FieldError, InvalidError

DETAIL = "Some fields are not right; nothing was changed."
UNKNOWN_FIELD = "There is no such field, or it may not be set by you."

_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_many",
    "too_short": "too_few",
    "timezone_aware": "zone_required",
    "enum": "not_one_of",
    "literal_error": "not_one_of",
    "value_error": "invalid",
    "string_pattern_mismatch": "wrong_form",
    "string_unicode": "wrong_form",
}
# What a union's other branches say of a value of another shape: noise beside a closer finding.
_SHAPE = frozenset(
    {"model_type", "model_attributes_type", "string_type", "dict_type", "none_required"}
)

_WORD = re.compile(r"[a-z_]+")
_KEY = "[key]"  # pydantic's mark: the name of an entry is wrong, not its value

Finding = Mapping[str, Any]  # Any: pydantic's error details


def unknown_field(pointer: str) -> InvalidError:
    """The answer to a field that does not exist, and to one the caller may not know of."""
    return InvalidError(DETAIL, errors=(FieldError(pointer, "unknown_field", UNKNOWN_FIELD),))


def invalid_fields(findings: Sequence[Finding], body: object) -> InvalidError:
    """One error naming every wrong field of a request; `body` is its parsed JSON."""
    placed = [(_pointer(finding, body), finding) for finding in findings]
    closer = {pointer for pointer, finding in placed if finding["type"] not in _SHAPE}
    kept: dict[str, FieldError] = {}
    for pointer, finding in placed:
        if finding["type"] in _SHAPE and _has_closer(pointer, closer):
            continue
        kept.setdefault(pointer, _field_error(pointer, finding))
    return InvalidError(DETAIL, errors=tuple(kept.values()))


def _has_closer(pointer: str, closer: Iterable[str]) -> bool:
    return any(other == pointer or other.startswith(f"{pointer}/") for other in closer)


def _field_error(pointer: str, finding: Finding) -> FieldError:
    kind: str = finding["type"]
    if kind == "extra_forbidden" or finding["loc"][-1] == _KEY:
        return FieldError(pointer, "unknown_field", UNKNOWN_FIELD)
    if kind in _SHAPE:
        return FieldError(pointer, "wrong_type", "The value is of the wrong type.")
    words = str(finding["msg"]).removeprefix("Value error, ")
    sentence = f"{words[:1].upper()}{words[1:]}".rstrip(".") + "."
    return FieldError(pointer, _CODES.get(kind) or kind, sentence)


def _pointer(finding: Finding, body: object) -> str:
    """Pydantic's location holds union branches beside keys: keep only what leads into the body."""
    place, *parts = finding["loc"]
    if place != "body":
        return f"?{parts[0]}" if parts else f"?{place}"
    pointer, value = "", body
    for number, part in enumerate(parts):
        inside = _step(value, part)
        absent = finding["type"] == "missing" and number == len(parts) - 1
        if inside is None and not absent:
            continue
        pointer += "/" + str(part).replace("~", "~0").replace("/", "~1")
        value = inside[0] if inside else None
    return pointer + _named_in_words(finding, value)


def _named_in_words(finding: Finding, value: object) -> str:
    """A rule over several fields names them in its sentence: the first one given is the wrong one."""
    if finding["type"] != "value_error" or not isinstance(value, Mapping):
        return ""
    named = (word for word in _WORD.findall(str(finding["msg"])) if word in value)
    return next((f"/{word}" for word in named), "")


def _step(value: object, part: int | str) -> tuple[object] | None:
    if isinstance(value, Mapping) and part in value:
        return (value[part],)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return (value[part],)
    return None
