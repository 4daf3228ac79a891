"""Publish commands spelled for the wire, and sent many at a time.

The client library checks and copies each header of each message by itself and wakes its writer for each
message, which costs more than all else a relay does (DECISIONS.md, 70). What is spelled here is checked as
a whole.
"""

from collections.abc import Mapping

from nats.aio.client import Client
from nats.errors import ConnectionClosedError, MaxPayloadError

VERSION = "NATS/1.0\r\n"


def publish_command(subject: str, reply: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """One HPUB. Raises ValueError for what the server would not read as this one message."""
    lines = "\r\n".join(map(": ".join, headers.items()))
    if not lines.isascii() or lines.count("\n") != len(headers) - 1:
        raise ValueError("a header's value is not one line of ASCII")
    if " " in subject or not (subject.isascii() and subject.isprintable()):
        raise ValueError("a subject is one word")
    size = len(VERSION) + len(lines) + 4
    head = f"HPUB {subject} {reply} {size} {size + len(body)}\r\n{VERSION}{lines}\r\n\r\n"
    return b"%b%b\r\n" % (head.encode(), body)


async def send(client: Client, commands: list[bytes]) -> None:
    """All of them in one write. Raises ConnectionClosedError rather than keep them for later."""
    if not client.is_connected:
        raise ConnectionClosedError
    if max(map(len, commands)) > client.max_payload:
        raise MaxPayloadError
    # The library has no public way to write what is spelled already; tests hold it to this one.
    await client._send_command(b"".join(commands))
    await client._flush_pending()
