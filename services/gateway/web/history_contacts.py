"""Languages, ties and holders of a record's history, each as one line of words in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from babel import Locale

from services.gateway.web import times, words
from services.gateway.web.language_names import language_name

Value = Mapping[str, Any]  # Any: JSON of a view
Line = Callable[[Value, Callable[[str], str], Locale], str]
DASH = " \N{EN DASH} "


def spoken(value: Value, gettext: Callable[[str], str], formats: Locale) -> str:
    profile = value["profile"]
    skills = "".join(profile[name] for name in ("listening", "speaking", "reading", "writing"))
    return f"{language_name(value['language'], formats)} SLP {skills}"


def tie(value: Value, gettext: Callable[[str], str], formats: Locale) -> str:
    said = gettext(words.source_word("tie", value["tie"]))
    period = _period(value, formats)
    return f"{said} ({period})" if period else said


def holder(value: Value, gettext: Callable[[str], str], formats: Locale) -> str:
    """When, not who: names are told on the record's page, under the labels they have by now."""
    return _period(value, formats)


LINES: Mapping[str, Line] = {"languages": spoken, "ties": tie, "holders": holder}


def _period(value: Value, formats: Locale) -> str:
    since, until = (times.date_of(value.get(name), formats) for name in ("since", "until"))
    return f"{since}{DASH}{until}" if since or until else ""
