"""Who came to the door: every proof of who somebody is, taken or refused, as a line of the log.

Never what was sent: a name that nobody has may be a password typed into the wrong field.
"""

import logging

from starlette.requests import Request

PASSWORD, CLIENT_SECRET = "password", "client_secret"
CLIENT_KEY, PROVIDER, PASSKEY = "private_key_jwt", "provider", "passkey"

_log = logging.getLogger("parley.door")


def let_in(request: Request, factor: str, caller: str) -> None:
    """`factor`: what proved it; `caller` as principals name it."""
    _log.info("somebody was let in", extra=_told(request, factor) | {"caller": caller})


def refused(request: Request, factor: str, why: str, caller: str | None = None) -> None:
    """`why`: a code. `caller`: who it would have been, where that is somebody we know."""
    told = _told(request, factor) | {"code": why}
    _log.warning("somebody was not let in", extra=told | ({"caller": caller} if caller else {}))


def _told(request: Request, factor: str) -> dict[str, str]:
    return {"factor": factor, "address": request.client.host if request.client else ""}
