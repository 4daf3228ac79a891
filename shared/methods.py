"""Which methods change nothing, and which an address takes: told with every 405 (RFC 9110, 15.5.6)."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.routing import Match

from shared.http_edge import METHODS

NOT_ALLOWED = 405
SAFE = frozenset({"GET", "HEAD"})


def tell_allowed(request: Request, status: int, headers: MutableHeaders) -> None:
    """Adds `Allow` to a 405: the framework names one route's methods, and several may share an address."""
    if status == NOT_ALLOWED:
        headers["Allow"] = ", ".join(allowed(request))


def allowed(request: Request) -> list[str]:
    """Methods of all routes at this address, whoever asks."""
    return [method for method in sorted(METHODS) if _taken(request, method)]


def _taken(request: Request, method: str) -> bool:
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)
