"""The bus: NATS connections by nkey, names of streams and subjects, and events as messages."""

import base64
import logging
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote
from uuid import UUID

import orjson
from nats.aio.client import Client

from shared.eventstore.model import Recorded, from_micros, micros
from shared.eventstore.stamps import stamp
from shared.nkey import load_user

CONNECT_SECONDS = 5
RECONNECT_WAIT_SECONDS = 0.5
DRAIN_SECONDS = 5
# A server that is cut off or stopped says nothing and closes nothing: it is left after as many of these.
PING_SECONDS, PINGS_UNANSWERED = 5, 2
REQUEST_SECONDS = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Whose events: one stream per service and site of a mission."""

    mission: str
    site: str
    service: str

    @property
    def stream(self) -> str:
        return f"parley-{self.mission}-{self.site}-{self.service}"

    @property
    def subjects(self) -> str:
        return f"parley.{self.mission}.{self.site}.{self.service}.>"

    @property
    def source(self) -> str:
        return f"/parley/{self.mission}/{self.site}/{self.service}"

    @property
    def wake(self) -> str:
        """Core NATS subject, body empty: the read side of this service has something new."""
        return f"parley.{self.mission}.{self.site}.wake.{self.service}"

    def subject(self, event_type: str) -> str:
        return f"parley.{self.mission}.{self.site}.{self.service}.{event_type}"


@asynccontextmanager
async def open_bus(
    url: str, seed_file: Path | None, *, name: str, ca_file: Path | None = None
) -> AsyncIterator[Client]:
    """A connection that reconnects for ever; `name` also names its private inbox.

    `url` may name several servers of one cluster, with commas between: it goes to whichever answers.
    With `ca_file` it is TLS from the first byte, or nothing, with a server this authority vouches for:
    asked for in clear, whoever sits in between could say that no TLS is needed.
    """
    client = Client()
    trusted = ssl.create_default_context(cafile=ca_file) if ca_file else None
    user = load_user(seed_file) if seed_file else None
    if user:
        client._public_nkey = user.public_key  # its own way in needs a package without a wheel
    await client.connect(
        url.split(","),
        name=name,
        signature_cb=user.sign if user else None,
        inbox_prefix=f"_INBOX_{name}".encode(),
        connect_timeout=CONNECT_SECONDS,
        drain_timeout=DRAIN_SECONDS,
        reconnect_time_wait=RECONNECT_WAIT_SECONDS,  # type: ignore[arg-type]  # it only sleeps
        max_reconnect_attempts=-1,
        ping_interval=PING_SECONDS,
        max_outstanding_pings=PINGS_UNANSWERED,
        error_cb=_note,
        tls=trusted,
        tls_handshake_first=trusted is not None,
    )
    try:
        yield client
    finally:
        await client.close()


async def _note(error: Exception) -> None:
    """While the server is away the library tells of every try; health says it once."""
    _log.debug("the bus reports", extra={"error": type(error).__name__})


def to_headers(recorded: Recorded, source: str) -> dict[str, str]:
    """CloudEvents 1.0 (binary mode) and every byte the hash covers that is not in the body."""
    meta, recorded_at = orjson.loads(recorded.meta), recorded.recorded_at
    headers = {
        "ce-specversion": "1.0",
        "ce-id": str(recorded.event_id),
        "ce-type": _spelled(recorded.type),
        "ce-source": _spelled(source),
        "ce-subject": _spelled(recorded.stream_id),
        "ce-time": recorded_at.isoformat(),
        "Es-Position": str(recorded.position),
        "Es-Epoch": str(recorded.epoch),
        "Es-Version": str(recorded.version),
        "Es-Recorded": str(micros(recorded_at)),
        "Es-Occurred": str(micros(recorded.occurred_at)),
        "Es-Prev-Hash": recorded.prev_hash.hex(),
        "Es-Hash": recorded.hash.hex(),
        "Es-Meta": base64.b64encode(recorded.meta).decode(),
    }
    if meta.get("traceparent"):
        headers["traceparent"] = _spelled(meta["traceparent"])
    return headers


def filler(position: int) -> dict[str, str]:
    """Headers of the empty message at a position that was declared void; consumers pass over it."""
    return {_FILLER: str(position), "Es-Position": str(position)}


def is_filler(headers: Mapping[str, str], position: int) -> bool:
    """Whether a message stands at `position` only so that those after it stand at theirs."""
    return headers.get(_FILLER) == str(position)


def from_message(body: bytes, headers: Mapping[str, str]) -> Recorded:
    """The event a message carries. Raises KeyError or ValueError when it is not one of ours."""
    told = {name: unquote(value) for name, value in headers.items()}
    return Recorded(
        position=int(told["Es-Position"]),
        epoch=int(told["Es-Epoch"]),
        id_bytes=UUID(told["ce-id"]).bytes,
        stream_id=told["ce-subject"],
        version=int(told["Es-Version"]),
        type=told["ce-type"],
        data=body,
        meta=base64.b64decode(told["Es-Meta"]),
        occurred_stamp=_stamped(told["Es-Occurred"]),
        recorded_stamp=_stamped(told["Es-Recorded"]),
        prev_hash=bytes.fromhex(told["Es-Prev-Hash"]),
        hash=bytes.fromhex(told["Es-Hash"]),
    )


def _stamped(told: str) -> bytes:
    try:
        return stamp(from_micros(int(told)))
    except OverflowError:
        raise ValueError("no moment of the years 1 to 9999") from None


def _spelled(value: str) -> str:
    """Almost all values are plain, and looking is much cheaper than encoding."""
    return value if _ALL_PLAIN.fullmatch(value) else quote(value, safe=_PLAIN)


_FILLER = "Es-Void"
# What a header value may show as it is; the rest is percent-encoded (CloudEvents over NATS, 3.1.3).
_PLAIN = "!#$&'()*+,-./:;<=>?@[]^_`{|}~"
_ALL_PLAIN = re.compile(f"[A-Za-z0-9~{re.escape(_PLAIN)}]*")
