"""Templates to HTML: one environment per language, so that a string is looked up once and never mixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import ChainableUndefined, Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from services.gateway.web import times, words
from services.gateway.web.assets import Assets
from services.gateway.web.called import called, is_named, written_in
from services.gateway.web.catalogues import load
from services.gateway.web.history_values import said
from services.gateway.web.in_context import passage
from services.gateway.web.labels_shown import Mark, Wire
from services.gateway.web.language_names import language_name
from services.gateway.web.languages import Language, language
from services.gateway.web.loading import Failed
from services.gateway.web.relative_times import day_of
from services.gateway.web.steps import may_date, may_remove
from shared.clock import utc_now

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders any template in any offered language. Touches no network."""

    environments: Mapping[str, Environment]
    languages: Mapping[str, Language]
    strings: Mapping[str, NullTranslations]

    def render(self, code: str, template: str, context: Mapping[str, Any]) -> Markup:
        # Any: what a template shows
        return Markup(self.environments[code].get_template(template).render(context))  # noqa: S704 - autoescaped

    def translate(self, code: str, text: str) -> str:
        return self.strings[code].gettext(text)


def renderer(codes: list[str], assets: Assets) -> Renderer:
    """Reads the catalogues. Raises OSError when one is missing."""
    loaded = {code: load(code) for code in codes}
    languages = {code: language(code, found.reviewed) for code, found in loaded.items()}
    return Renderer(
        {code: _environment(assets, languages[code], loaded[code].strings) for code in codes},
        languages,
        {code: found.strings for code, found in loaded.items()},
    )


def _environment(assets: Assets, chosen: Language, strings: NullTranslations) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    installed: Any = made  # Any: the i18n extension adds methods the class does not declare
    installed.install_gettext_translations(strings, newstyle=True)
    formats = chosen.formats
    made.globals |= {"asset": assets.url, "seen": _seen, "language": chosen}
    made.tests["failed"] = lambda value: isinstance(value, Failed)
    made.tests["named"] = is_named
    made.filters |= {
        "moment": lambda value: times.moment(value, formats),
        "day": lambda value: times.day(value, formats),
        "date": lambda value: times.date_of(value, formats),
        "weekday": lambda value: times.weekday(value, formats),
        "clock": times.clock,
        "local_input": times.local_input,
        "date_short": lambda day: format_date(day, "d MMM y", locale=formats),
        "date_words": lambda day: format_date(day, "EEEE d MMMM y", locale=formats),
        "short_day": lambda day: format_date(day, "d MMM", locale=formats),
        "weekday_of": lambda day: format_date(day, "EEE", locale=formats) if day else "",
        "local": times.local_clock,
        "span": lambda first, last=None: times.span(first, last, formats),
        "word": lambda code, family: strings.gettext(words.source_word(family, code)),
        "said": lambda value, field: said(value, field, strings.gettext, formats),
        "language_name": lambda code: language_name(code, formats),
        "iso": _iso,
        "as_date": _as_date,
        "may_date": may_date,
        "may_remove": may_remove,
        "called": called,
        "passage": passage,
        "written_in": written_in,
    }
    return made


@pass_context
def _seen(context: Context, label: Wire | None) -> Mark | None:
    """Counts a label about to be shown into the page's banner."""
    found: Mark | None = context["banner"].seen(label)
    return found


def _iso(value: object) -> str:
    at = times.parsed(value)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""


def _as_date(value: str) -> str:
    """What a date field of a form takes: relative times of an address become days."""
    day = day_of(value, utc_now().date()) if value else None
    return day.isoformat() if day else ""
