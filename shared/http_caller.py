"""Who calls a service: whoever the gateway vouches for, for exactly this request.

Whoever views as others calls for reading only, whatever the route: nobody writes as somebody else.
"""

from typing import Annotated

from fastapi import Depends, Request

from shared.errors import ViewingAsError
from shared.http_edge import CALLER
from shared.methods import SAFE
from shared.principal import Principal
from shared.principal_signing import HEADER, Verifier, request_digest


async def caller(request: Request) -> Principal:
    """Who asks, as the gateway vouches for exactly this request.

    Raises UnauthenticatedError; ViewingAsError for orders of who views as others.
    """
    verifier: Verifier = request.app.state.verifier
    digest = request_digest(request.method, request_target(request), await request.body())
    principal = verifier.verify(request.headers.get(HEADER), digest)
    setattr(request.state, CALLER, principal.client)
    if principal.viewer and request.method not in SAFE:
        raise ViewingAsError
    return principal


Caller = Annotated[Principal, Depends(caller)]


def request_target(request: Request) -> str:
    """Path and query as they were sent, percent-encoding and all."""
    path = bytes(request.scope.get("raw_path") or request.url.path.encode()).decode("latin-1")
    query = bytes(request.scope["query_string"]).decode("latin-1")
    return f"{path}?{query}" if query else path
