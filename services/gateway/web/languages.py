"""Languages of the pages: which there are, how each is written, and which one a request gets."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale, negotiate_locale
from starlette.requests import Request

COOKIE = "parley_language"
PSEUDO = "ar-XB"
SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """A language pages can be read in. `formats` is the locale of dates and numbers."""

    code: str
    own_name: str
    formats: Locale
    right_to_left: bool
    reviewed: bool

    @property
    def direction(self) -> str:
        return "rtl" if self.right_to_left else "ltr"


def language(code: str, reviewed: bool) -> Language:
    """Raises babel's UnknownLocaleError for a code that no locale has."""
    formats = Locale.parse("ar" if code == PSEUDO else code, sep="-")
    own_name = "Pseudo (right to left)" if code == PSEUDO else formats.get_display_name() or code
    return Language(code, own_name, formats, formats.text_direction == "rtl", reviewed)


def chosen(request: Request, offered: Sequence[str], cookie: str = COOKIE) -> str:
    """From the address, else the cookie, else what the browser prefers, else the source language."""
    for wish in (request.query_params.get("lang"), request.cookies.get(cookie)):
        if wish and wish in offered:
            return wish
    found: str | None = negotiate_locale(_preferred(request), [*offered, SOURCE], sep="-")
    return found or SOURCE


def _preferred(request: Request) -> list[str]:
    header = request.headers.get("accept-language", "")[:200]
    return [tag for part in header.split(",") if (tag := part.split(";")[0].strip())]
