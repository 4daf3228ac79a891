"""A service's stored events over HTTP, for a cold rebuild and nobody else: when the bus cannot give them.

Content stays sealed. Asked for with a signature of a key of its own, which opens no other door.
"""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from shared.bus import from_message, to_headers
from shared.errors import UnauthenticatedError
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore
from shared.http import request_target
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.principal_signing import HEADER, load_verifier, request_digest
from shared.settings import ServiceSettings

PATH = "/internal/events"
PRIVATE_KEY = "rebuild.ed25519"
PUBLIC_KEY = "rebuild.ed25519.pub"
PAGE_EVENTS = 500

GetStore = Callable[[], EventStore]


def events_router(settings: ServiceSettings, store: GetStore) -> APIRouter:
    """`GET /internal/events?after=&limit=`: {"head": position, "events": [...]}, in order."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def events(
        request: Request,
        after: Annotated[int, Query(ge=0)],
        limit: Annotated[int, Query(ge=1, le=PAGE_EVENTS)] = PAGE_EVENTS,
    ) -> dict[str, object]:
        _check_rebuild(settings, request)
        found = await store().read_all(after, limit)
        return {
            "head": (await store().head()).position,
            "events": [_spelled(event, settings.service) for event in found],
        }

    return router


def rebuilder() -> Principal:
    """Whose name the rebuild's signature carries: nobody's, with no rights."""
    return Principal(
        subject="rebuild",
        organisation=RecordId.new(Kind.ORGANISATION),
        client="rebuild",
        communities=frozenset(),
        caveats=frozenset(),
        levels={},
        roles=frozenset(),
    )


def read_event(spelled: dict[str, Any]) -> Recorded:  # Any: JSON
    """An event as the route spells it."""
    return from_message(base64.b64decode(spelled["data"]), spelled["headers"])


def _spelled(event: Recorded, source: str) -> dict[str, object]:
    return {
        "headers": to_headers(event, source),
        "data": base64.b64encode(event.data).decode(),
    }


def _check_rebuild(settings: ServiceSettings, request: Request) -> None:
    """Raises UnauthenticatedError for everybody else, the gateway included."""
    path: Path = settings.secrets_dir / PUBLIC_KEY
    try:
        verifier = load_verifier(path, settings.service, settings.mission)
    except OSError:
        raise UnauthenticatedError("No rebuild has a key to this service.") from None
    digest = request_digest("GET", request_target(request), b"")
    verifier.verify(request.headers.get(HEADER), digest)
