"""One page for one reader: who asks, in which language and theme, and how the answer is put together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import Depends
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.gateway.web.as_of import AsOf, as_of
from services.gateway.web.dashboard import Dashboard
from services.gateway.web.labels_shown import Banner, Wire
from services.gateway.web.languages import COOKIE as LANGUAGE_COOKIE
from services.gateway.web.languages import SOURCE, Language, chosen
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.ports import Session
from services.gateway.web.steps import new_key
from shared.clock import utc_now
from shared.errors import ViewingAsError
from shared.ids import Kind
from shared.methods import SAFE
from shared.roles import Action, administers, allowed, may_view_as

THEME_COOKIE = "parley_theme"
THEMES = ("system", "light", "dark")
YEAR_SECONDS = 365 * 24 * 3600
View = dict[str, Any]  # Any: a record or another answer of reporting, parsed from JSON
BANNER_HEADER = "parley-banner"
HTMX = "hx-request"
# Sent by our own scripts: the view of others that the page is of; empty when it is of the reader's own.
VIEW_HEADER = "parley-view"
BANNER_LIMIT = 4_000
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class SignInNeededError(Exception):
    """Nobody is signed in; the route turns it into the way to the sign-in page."""


class ViewChangedError(Exception):
    """A page of one view asks for a part of another, which it must not mix; the route has it load anew."""


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page that needs nobody signed in."""

    request: Request
    dashboard: Dashboard
    language: Language
    theme: str
    banner: Banner

    def translated(self, text: str) -> str:
        return self.dashboard.renderer.translate(self.language.code, text)

    @property
    def as_of(self) -> AsOf | None:
        """The past moment the page is read as of; None for the present."""
        return as_of(self.request, self.dashboard.policy.zone)

    @property
    def moment(self) -> datetime:
        """What is "now" for this page: the past moment it is read as of, or the present."""
        then = self.as_of
        return then.moment if then and then.moment else utc_now()

    def html(self, template: str, context: Mapping[str, Any], status: int = 200) -> Response:
        # Any: what a template shows
        """A whole page: the body first, so that the banner knows all that was rendered."""
        shared = self._shared() | dict(context)
        body = self._render(template, shared)
        body = self.as_of.kept(body) if self.as_of else body
        page = self._render("shell.html", shared | {"body": body, "banner_wire": self._wire()})
        return self._remembering(HTMLResponse(page, status, headers=dict(HEADERS)))

    def part(self, template: str, context: Mapping[str, Any]) -> Response:
        # Any: what a template shows
        """A piece of a page, and the page's banner as it stands with this piece in it."""
        body = self._render(template, self._shared() | dict(context))
        return HTMLResponse(body + self.raised_banner(()), headers=dict(HEADERS))

    def raised_banner(self, labels: Iterable[Wire]) -> Markup:
        """The banner of the page as it was, with `labels` and all that was rendered here on it."""
        self.banner.seen(self._page_label())
        for label in labels:
            self.banner.seen(label)
        shared = self._shared() | {"banner_wire": self._wire()}
        return self._render("banner_parts.html", shared)

    def _render(self, template: str, context: Mapping[str, Any]) -> Markup:  # Any: see html
        return self.dashboard.renderer.render(self.language.code, template, context)

    def _wire(self) -> str:
        return orjson.dumps(self.banner.wire).decode()

    def _page_label(self) -> dict[str, Any] | None:  # Any: JSON
        """What the page showed before, as it says itself: it can only raise what it will show."""
        said = self.request.headers.get(BANNER_HEADER, "")
        if not said or len(said) > BANNER_LIMIT:
            return None
        try:
            found = orjson.loads(said)
            Banner(self.dashboard.policy).seen(found)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return dict(found) if found else None

    def _shared(self) -> dict[str, Any]:  # Any: what a template shows
        return {
            "banner": self.banner,
            "policy": self.dashboard.policy,
            "exercise": self.dashboard.exercise,
            "languages": self.dashboard.renderer.languages,
            "theme": self.theme,
            "themes": THEMES,
            "path": self.request.url.path,
            "query": self.request.query_params,
            "as_of": self.as_of,
            "address": self.address,
            "now": utc_now(),
            "session": None,
            "view_id": "",
            "may_create": False,
            "may_administer": False,
        }

    def address(self, **changed: str | None) -> str:
        """This page's address with some parameters changed; None takes one out. A part says its page's."""
        kept = self.request.query_params
        pairs = {k: v for k, v in kept.items() if k not in changed}
        pairs |= {k: v for k, v in changed.items() if v is not None}
        path = self.request.url.path.removeprefix("/parts").removeprefix("/list")
        url = self.request.url.replace(scheme="", netloc="", query="", path=path)
        return str(url.include_query_params(**pairs))

    def _remembering(self, answer: Response) -> Response:
        found = self.dashboard
        for cookie, value, wished in (
            (LANGUAGE_COOKIE, self.language.code, "lang"),
            (THEME_COOKIE, self.theme, "theme"),
        ):
            if self.request.query_params.get(wished) == value:
                answer.set_cookie(
                    found.cookie(cookie),
                    value,
                    max_age=YEAR_SECONDS,
                    samesite="lax",
                    secure=found.tls,
                )
        return answer


@dataclass(frozen=True, slots=True)
class Page(PublicPage):
    """A page for somebody signed in. `viewed`: the organisation as one of which he looks, if he reads it."""

    session: Session
    live_from: str = ""
    viewed: View | None = None

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> View:
        """From reporting, as this reader, as of the page's moment. Raises AppError."""
        then = self.as_of
        asked = {"as_of": then.told} if then and then.asks(path) else {}
        return await self.dashboard.upstream.get(
            "reporting", path, {**(params or {}), **asked}, self.session.principal
        )

    def _shared(self) -> dict[str, Any]:  # Any: what a template shows
        return PublicPage._shared(self) | {
            "session": self.session,
            "may_create": self.may_create,
            "may_administer": administers(self.session.principal.roles),
            "may_view_as": may_view_as(self.session.principal.roles),
            "live_from": self.live_from,
            "closing_key": new_key() if self.session.emergency else "",
            **self._view_of_others(),
        }

    def _view_of_others(self) -> dict[str, Any]:  # Any: what a template shows
        if self.session.viewing is None:
            return {}
        here = self.address() if self.request.method in SAFE else "/"
        leaving = {"leaving_key": new_key(), "leaving_to": here}
        return {"view_id": self.session.viewing.id, "viewed": self.viewed, **leaving}

    @property
    def may_create(self) -> bool:
        return allowed(self.session.principal.roles, Action.CREATE, Kind.ENGAGEMENT)


def public_page(request: Request) -> PublicPage:
    return PublicPage(request, *_reader_settings(request))


async def signed_in_page(request: Request) -> Page:
    """Raises SignInNeededError, ViewChangedError; ViewingAsError for orders of who views as others."""
    page = await any_page(request)
    view_id = page.session.viewing.id if page.session.viewing else ""
    if request.headers.get(VIEW_HEADER, view_id) != view_id:
        raise ViewChangedError
    if view_id and request.method not in SAFE:
        raise ViewingAsError
    return page


async def any_page(request: Request) -> Page:
    """Whatever is asked, and in whichever view. Raises SignInNeededError."""
    found: Dashboard = request.app.state.dashboard
    session = await found.session(request)
    if session is None:
        raise SignInNeededError
    settings = _reader_settings(request)
    viewed = await _viewed(request, session)
    if viewed:
        settings[-1].seen(viewed["label"])
    return Page(request, *settings, session, await _place(request, session), viewed)


async def _viewed(request: Request, session: Session) -> View | None:
    """The organisation as one of which he looks; parts have no need of it."""
    who = session.principal
    if who.stands_for is None or HTMX in request.headers:
        return None
    found: Dashboard = request.app.state.dashboard
    asked = {"ids": str(who.stands_for), "page_size": "1"}
    listed = await attempt(found.upstream.get("reporting", "/records", asked, who))
    return None if isinstance(listed, Failed) else next(iter(listed["items"]), None)


async def _place(request: Request, session: Session) -> str:
    """Where the live stream is before anything is read; parts and forms sent need none."""
    if request.method != "GET" or HTMX in request.headers:
        return ""
    found: Dashboard = request.app.state.dashboard
    place = await attempt(found.place(request, session.principal))
    return "" if isinstance(place, Failed) else place


def _reader_settings(request: Request) -> tuple[Dashboard, Language, str, Banner]:
    found: Dashboard = request.app.state.dashboard
    code = chosen(request, list(found.renderer.languages), found.cookie(LANGUAGE_COOKIE))
    language = found.renderer.languages.get(code) or found.renderer.languages[SOURCE]
    wished = request.query_params.get("theme") or request.cookies.get(found.cookie(THEME_COOKIE))
    theme = wished if wished in THEMES else THEMES[0]
    return found, language, theme, Banner(found.policy)


Anyone = Annotated[PublicPage, Depends(public_page)]
Reader = Annotated[Page, Depends(signed_in_page)]
Whoever = Annotated[Page, Depends(any_page)]


async def own_view(page: Reader) -> None:
    """For pages that order something, or are somebody's own. Raises ViewingAsError."""
    if page.session.viewing:
        raise ViewingAsError
