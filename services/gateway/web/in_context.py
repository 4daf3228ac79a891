"""Why a record was found: the words around the hit, from what its reader was sent anyway. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

AROUND = 60
LEAST_LETTERS = 3
# Endings differ between a word and its stem by about so many letters: patrols, patrolled.
ENDING = 3
TITLES = ("title", "name", "purpose")
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words around the first hit; `hit` are those to mark. An ellipsis stands where text was left out."""

    before: str
    hit: str
    after: str
    lang: str


def passage(view: Mapping[str, Any], asked: str) -> Passage | None:  # Any: a view
    """The first words of the base group, beside the title, that `asked` may have found; None without one.

    Other groups have labels of their own, which a line of a search does not show.
    """
    wanted = [_stem(_plain(word)) for word in WORD.findall(asked) if len(word) >= LEAST_LETTERS]
    apart = (*TITLES, *(view.get("group_labels") or ()))
    base = {name: value for name, value in view.items() if name not in apart}
    title = (view.get("title") or {}).get("text")
    for text, lang in _texts(base):
        if text == title:
            continue
        for word in WORD.finditer(text):
            if any(_plain(word.group()).startswith(stem) for stem in wanted):
                return _cut(text, word.start(), word.end(), lang)
    return None


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """Every text somebody wrote, anywhere in `value`, with its language."""
    if isinstance(value, Mapping) and isinstance(value.get("text"), str) and "lang" in value:
        yield value["text"], value["lang"] or ""
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _cut(text: str, begins: int, ends: int, lang: str) -> Passage:
    first = text.rfind(" ", 0, max(begins - AROUND, 0)) + 1 if begins > AROUND else 0
    last = text.find(" ", ends + AROUND) if len(text) > ends + AROUND else len(text)
    last = len(text) if last < 0 else last
    before = ("… " if first else "") + text[first:begins]
    return Passage(
        before, text[begins:ends], text[ends:last] + (" …" if last < len(text) else ""), lang
    )


def _plain(word: str) -> str:
    """Without case and accents."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


def _stem(word: str) -> str:
    return word[: max(len(word) - ENDING, LEAST_LETTERS + 1)]
