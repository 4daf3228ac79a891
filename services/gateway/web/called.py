"""What a page calls a record: a person by name where the reader may know it, all else by title."""

from collections.abc import Mapping
from typing import Any

from services.gateway.web.ports import View
from shared.ids import Kind

Words = Mapping[str, Any]  # Any: a Text or a Name of shared/values.py as JSON


def called(view: View) -> Words:
    """The name, else the title; neither tells anything of a group that was withheld."""
    name = (view.get("identity") or {}).get("name") if view.get("kind") == Kind.PERSON else None
    found: Words = name if name and name.get("text") else view["title"]
    return found


def written_in(words: Words | None) -> str:
    """The value of an HTML `lang`: the language, and the script where it is said."""
    if not words:
        return ""
    language, script = words.get("lang") or "", words.get("script")
    return f"{language or 'und'}-{script}" if script else language


def is_named(view: View) -> bool:
    """Whether `called` answers from the identity group, whose label is then shown too."""
    return called(view) is not view["title"]
