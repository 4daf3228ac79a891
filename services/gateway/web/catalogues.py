"""Translations: `.po` sources compiled in memory at start. A string without one stays in English."""

import gettext
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from services.gateway.web.languages import PSEUDO, SOURCE
from services.gateway.web.pseudo import pseudo

FOLDER = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's strings. `reviewed` is false until a speaker of it has read them all."""

    strings: gettext.NullTranslations
    reviewed: bool


@cache
def load(code: str) -> Catalogue:
    """Reads files, once. Raises OSError when the language has no catalogue."""
    if code == SOURCE:
        return Catalogue(gettext.NullTranslations(), reviewed=True)
    if code == PSEUDO:
        return Catalogue(_compiled(_pseudo_catalogue()), reviewed=True)
    with (FOLDER / f"{code}.po").open("rb") as source:
        read = read_po(source, locale=code)
    return Catalogue(_compiled(read), reviewed="unreviewed" not in (read.header_comment or ""))


def available(wanted: Iterable[str]) -> list[str]:
    """Those of `wanted` that have a catalogue here."""
    return [code for code in wanted if code == SOURCE or (FOLDER / f"{code}.po").exists()]


def _compiled(catalogue: Catalog) -> gettext.GNUTranslations:
    target = io.BytesIO()
    write_mo(target, catalogue)
    target.seek(0)
    return gettext.GNUTranslations(target)


def _pseudo_catalogue() -> Catalog:
    with (FOLDER / "messages.pot").open("rb") as source:
        template = read_po(source)
    made = Catalog(locale="ar", charset="utf-8")
    for message in template:
        if message.id:
            made.add(message.id, _marked(message.id, made.num_plurals), context=message.context)
    return made


def _marked(source: str | tuple[str, ...] | list[str], forms: int) -> str | tuple[str, ...]:
    if isinstance(source, str):
        return pseudo(source)
    return tuple(pseudo(source[1]) for _ in range(forms))
