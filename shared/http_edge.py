"""The outermost layer of a service: limits on bodies, the trace, and the last resort."""

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import problems, trace
from shared.database import is_passing, unanswered
from shared.errors import AppError, EncodedError, MalformedError, TooLargeError
from shared.json_shape import has_endless_number, is_no_text, nesting_exceeds
from shared.metrics import Durations

BODY_LIMIT_BYTES = 1024 * 1024
# A file and its envelope. It is read by its route, once the caller is known, and cut off here.
FILE_LIMIT_BYTES = 10 * 1024 * 1024
ENVELOPE_BYTES = 64 * 1024
UPLOAD_LIMIT_BYTES = FILE_LIMIT_BYTES + ENVELOPE_BYTES
DEPTH_LIMIT = 32
PLAIN = "identity"
# From here on an answer is worth a line: what was refused, and what failed.
REFUSED = 400
# Where a request's state holds who was found to make it.
CALLER = "caller"
# With any other method a body means nothing, and nobody reads it.
TAKING = frozenset({"POST", "PUT", "PATCH"})
# Anything else a caller makes up would be a series of its own.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

FAULT = AppError("The fault is on our side; the request id finds it in the logs.")

# Its content is text, whatever it looks like.
FORM = "application/x-www-form-urlencoded"

_log = logging.getLogger("parley.http")


@dataclass(frozen=True, slots=True)
class Uploads:
    """Paths to which files are posted, how large one may be, and its envelope besides."""

    paths: re.Pattern[str]
    limit_bytes: int = FILE_LIMIT_BYTES
    envelope_bytes: int = ENVELOPE_BYTES


class Edge:
    """Reads the whole body (bounded) before anything else runs: no route can forget the limit.

    `uploads`: paths to which files are posted; these bodies are bounded while they are read.
    """

    def __init__(
        self,
        app: ASGIApp,
        uploads: Sequence[Uploads] = (),
        durations: Durations | None = None,
    ) -> None:
        self._app = app
        self._uploads = uploads
        self._durations = durations or Durations()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with trace.within(trace.follow(_header(scope, b"traceparent"))):
            await self._answer(scope, receive, _Watched(scope, send, self._durations))

    async def _answer(self, scope: Scope, receive: Receive, send: "_Watched") -> None:
        try:
            await self._app(scope, await self._received(scope, receive), send)
        except ClientDisconnect:
            return  # half a body is no request, and nobody is left to answer
        except AppError as refused:
            await problem_response(refused, scope["path"])(scope, receive, send)
        except Exception as fault:
            told = _told(fault, scope["method"])
            if send.started:
                raise
            await problem_response(told, scope["path"])(scope, receive, send)
        send.log()

    async def _received(self, scope: Scope, receive: Receive) -> Receive:
        _check_plain(scope)
        for uploads in self._uploads if scope["method"] == "POST" else ():
            if uploads.paths.fullmatch(scope["path"]):
                return _bounded(scope, receive, uploads)
        return _replay(await _read(scope, receive), receive)


def problem_response(error: AppError, path: str) -> JSONResponse:
    """`error` as an answer; its request id is the trace id, one number through everything."""
    span = trace.current()
    return JSONResponse(
        problems.problem(error, path, span.trace_id if span else ""),
        status_code=error.status,
        media_type=problems.MEDIA_TYPE,
        headers=problems.headers(error),
    )


def _told(fault: Exception, method: str) -> AppError:
    """What the caller hears of a fault no route foresaw: later, when waiting may help."""
    if is_passing(fault):
        _log.warning(
            "a request met an outage", extra={"method": method, "error": type(fault).__name__}
        )
        return unanswered()
    _log.error("a request failed", extra={"method": method}, exc_info=fault)
    return FAULT


class _Watched:
    """A `send` that knows whether the answer has begun, and how it went."""

    def __init__(self, scope: Scope, send: Send, durations: Durations) -> None:
        self._scope, self._send, self._durations = scope, send, durations
        self._began = time.perf_counter()
        self._status = 0

    @property
    def started(self) -> bool:
        return self._status > 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
        await self._send(message)

    def log(self) -> None:
        # Never the path: it holds ids.
        route = getattr(self._scope.get("route"), "path", "unrouted")
        method = self._scope["method"] if self._scope["method"] in METHODS else "_OTHER"
        took = time.perf_counter() - self._began
        self._durations.add(method, route, self._status, took)
        level = logging.INFO if self._status >= REFUSED else logging.DEBUG
        if not _log.isEnabledFor(level):
            return
        fields = {"method": method, "route": route, "status": self._status}
        if caller := self._scope.get("state", {}).get(CALLER):
            fields[CALLER] = caller
        fields["duration_milliseconds"] = round(took * 1000, 1)
        _log.log(level, "a request was answered", extra=fields)


async def _read(scope: Scope, receive: Receive) -> bytes:
    """Raises TooLargeError or MalformedError for what no route should have to look at."""
    _check_declared(scope, BODY_LIMIT_BYTES)
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(chunk)
        if size > BODY_LIMIT_BYTES:
            raise _too_large(BODY_LIMIT_BYTES)
        chunks.append(chunk)
    body = b"".join(chunks)
    try:
        _check_shape(scope, body)
    except MalformedError:
        if _is_routed(scope):
            raise
    return body


def _check_shape(scope: Scope, body: bytes) -> None:
    """Raises MalformedError."""
    if nesting_exceeds(body, DEPTH_LIMIT):
        raise MalformedError(f"The body is nested more than {DEPTH_LIMIT} deep.")
    if not _is_taken_as_json(scope):
        return
    if is_no_text(body):
        raise MalformedError("The body is not JSON in UTF-8, or holds half of a character.")
    if has_endless_number(body):
        raise MalformedError(
            "A number in the body is not finite, or too large for any field.", code="not_finite"
        )


def _is_routed(scope: Scope) -> bool:
    """Whether anybody reads the body: a method that nobody takes, or an address, is what is wrong first."""
    app: Starlette | None = scope.get("app")
    return app is None or any(route.matches(scope)[0] is Match.FULL for route in app.routes)


def _is_taken_as_json(scope: Scope) -> bool:
    form = (_header(scope, b"content-type") or "").startswith(FORM)
    return scope["method"] in TAKING and not form


def _bounded(scope: Scope, receive: Receive, uploads: Uploads) -> Receive:
    """A `receive` that raises TooLargeError once more than an upload's limit has come in."""
    limit = uploads.limit_bytes + uploads.envelope_bytes
    _check_declared(scope, limit, uploads.limit_bytes)
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise _too_large(uploads.limit_bytes)
        return message

    return counted


def _check_plain(scope: Scope) -> None:
    """Nothing that is packed is ever opened: so there is nothing that could grow on being opened."""
    if (_header(scope, b"content-encoding") or PLAIN).strip().lower() != PLAIN:
        raise EncodedError("Send the body as it is, without Content-Encoding.")


def _check_declared(scope: Scope, limit: int, told: int | None = None) -> None:
    """`told`: what the caller hears the limit is, where that is less."""
    declared = _header(scope, b"content-length") or "0"
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(told or limit)


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError(f"A body holds at most {limit} bytes.")


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)
