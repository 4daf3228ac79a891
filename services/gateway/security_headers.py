"""Headers every answer carries, whatever made it."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# Pages' own files may be kept by browsers; everything else is somebody's view of labelled content.
STORED = ("/static/",)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}
TLS_HEADERS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
UNAUTHENTICATED = 401

Pair = tuple[bytes, bytes]


class SecurityHeaders:
    def __init__(self, app: ASGIApp, *, tls: bool) -> None:
        self._app = app
        self._always = _encoded(HEADERS | (TLS_HEADERS if tls else {}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._with(scope, message)
            await send(message)

        await self._app(scope, receive, sending)

    def _with(self, scope: Scope, message: Message) -> list[Pair]:
        given: list[Pair] = list(message.get("headers", ()))
        known = {name.lower() for name, _ in given}
        added = list(self._always)
        if not scope["path"].startswith(STORED):
            added.append((b"cache-control", b"no-store"))
        if message["status"] == UNAUTHENTICATED:
            added.append((b"www-authenticate", b'Bearer realm="parley"'))
        return given + [pair for pair in added if pair[0] not in known]


def _encoded(headers: dict[str, str]) -> list[Pair]:
    pairs: Iterable[tuple[str, str]] = headers.items()
    return [(name.lower().encode(), value.encode()) for name, value in pairs]
