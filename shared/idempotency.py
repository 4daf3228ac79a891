"""A write done once is answered the same every time; see `execute` in commands.py for the order."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import orjson

from shared.errors import ConflictError, InvalidError
from shared.eventstore.model import FoundCommand
from shared.principal import Principal


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A write as it arrived, beside its content.

    `route`: method and path. `digest`: SHA-256 of the body. `expected_version`: the source version
    the caller's view was made from, if he named one. `idempotency_key` may be absent only to
    validate. `foretell`: only validated, and what it would make is told.
    """

    principal: Principal
    idempotency_key: str
    route: str
    digest: bytes
    traceparent: str
    expected_version: int | None = None
    validate_only: bool = False
    foretell: bool = False

    def command_id(self, secret: bytes) -> bytes:
        """Keyed, so that the table of commands tells nobody which keys a client used."""
        named = orjson.dumps([self.principal.client, self.route, self.idempotency_key])
        return hmac.new(secret, b"command" + named, hashlib.sha256).digest()

    def keyed_digest(self, secret: bytes) -> bytes:
        """Of the request, as it travels with events: nobody else can try out what was asked."""
        return hmac.new(secret, b"request" + self.digest, hashlib.sha256).digest()


class RunningCommands:
    """Commands under way in this process. (Between processes the event store decides.)"""

    def __init__(self) -> None:
        self._ids: set[bytes] = set()

    @contextmanager
    def claim(self, command_id: bytes) -> Iterator[None]:
        """Raises ConflictError while the same command is under way."""
        if command_id in self._ids:
            raise ConflictError(
                "The first request with this Idempotency-Key is still running.",
                code="command_running",
                retry_after_seconds=1,
            )
        self._ids.add(command_id)
        try:
            yield
        finally:
            self._ids.discard(command_id)


def check_same_request(found: FoundCommand, request: CommandRequest, secret: bytes) -> None:
    """Raises InvalidError when the key was used for something else.

    A command that was taken back from the stream after a restore has the keyed digest.
    """
    same = (request.digest, request.keyed_digest(secret))
    if not any(hmac.compare_digest(found.request_digest, one) for one in same):
        raise InvalidError(
            "This Idempotency-Key was used with another body; use a new key.",
            code="idempotency_key_reused",
        )
