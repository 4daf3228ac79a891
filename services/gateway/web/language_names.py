"""The name of a language for a reader: of two letters, of three as in ISO 639-3, or of a tag."""

from babel import Locale, UnknownLocaleError
from babel.core import get_global


def language_name(code: str, formats: Locale) -> str:
    """A tag's own name; three letters of ISO 639-3 where there are two are the same language."""
    usual = get_global("language_aliases").get(code, code)
    known: str | None = formats.languages.get(usual)
    if known:
        return known
    try:
        return Locale.parse(code, sep="-").get_display_name(formats) or code
    except (ValueError, UnknownLocaleError):
        return code
