"""The route class of all pages: it turns errors into pages, so that no page has to."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.gateway.web.loading import SERVER_ERROR
from services.gateway.web.page import (
    HTMX,
    PublicPage,
    SignInNeededError,
    ViewChangedError,
    any_page,
    public_page,
)
from services.gateway.web.words import N_
from shared.errors import AppError, MalformedError, ViewingAsError

NUL = "\x00"


class PageRoute(APIRoute):
    """A route that answers people: sign-in when needed, and readable errors."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        # Any: fastapi's own signature
        answer = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                _check_text(request)
                return await answer(request)
            except SignInNeededError:
                return sign_in(request)
            except ViewChangedError:
                return Response(status_code=204, headers={"HX-Refresh": "true"})
            except AppError as error:
                return await error_page(request, error)

        return handled


def _check_text(request: Request) -> None:
    """Raises MalformedError for an address whose query is no text."""
    if NUL in "".join(one for _, one in request.query_params.multi_items()):
        raise MalformedError("The address holds a character that no text can hold.")


def sign_in(request: Request) -> Response:
    """To the sign-in page and back; a part tells htmx to take the whole page there."""
    if HTMX in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": "/sign-in"})
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = quote(wanted if request.method == "GET" else "/", safe="")
    return RedirectResponse(f"/sign-in?next={back}", 303)


async def error_page(request: Request, error: AppError) -> Response:
    """The error in words. What is hidden and what does not exist look the same."""
    try:
        page: PublicPage = await any_page(request)
    except SignInNeededError:
        page = public_page(request)
    title = page.translated(_title(error))
    return page.html("error.html", {"title": title, "error": error}, error.status)


def _title(error: AppError) -> str:
    if isinstance(error, ViewingAsError):
        return N_("You are viewing as others")
    match error.status:
        case 404:
            return N_("Not found")
        case 403:
            return N_("Not allowed")
        case status if status >= SERVER_ERROR:
            return N_("Not available right now")
        case _:
            return N_("That did not work")
