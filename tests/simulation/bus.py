"""nats-server as relay and consumer see it: streams with sequences, fences, and ephemeral consumers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from nats.js.api import RawStreamMsg, StreamConfig


@dataclass(slots=True)
class Message:
    subject: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Stream:
    config: StreamConfig
    messages: dict[int, Message] = field(default_factory=dict)
    last: int = 0
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def first(self) -> int:
        return min(self.messages, default=self.last + 1)

    def raw(self, sequence: int) -> RawStreamMsg | None:
        message = self.messages.get(sequence)
        if message is None:
            return None
        return RawStreamMsg(message.subject, sequence, message.body, headers=dict(message.headers))


@dataclass(slots=True)
class Cursor:
    """One consumer at the server."""

    stream: Stream
    next: int


class Server:
    """Everybody's. `fenced`: keeps a message only behind the sequence it expects, as the real one does."""

    def __init__(self, *, fenced: bool = True) -> None:
        self.fenced = fenced
        self.streams: dict[str, Stream] = {}
        self.cursors: dict[str, Cursor] = {}

    def make(self, config: StreamConfig) -> Stream:
        stream = Stream(config, last=(config.first_seq or 1) - 1)
        return self.streams.setdefault(str(config.name), stream)

    def take(self, subject: str, headers: Mapping[str, str], body: bytes) -> dict[str, object]:
        """The acknowledgement of a message, or the refusal."""
        stream = self._listening(subject)
        if stream is None:
            return {"error": {"description": "no stream takes this subject"}}
        expected = headers.get("Nats-Expected-Last-Sequence")
        if self.fenced and expected is not None and int(expected) != stream.last:
            return {"error": {"err_code": 10071, "description": "wrong last sequence"}}
        stream.last += 1
        stream.messages[stream.last] = Message(subject, dict(headers), body)
        stream.grown.set()
        stream.grown = asyncio.Event()
        return {"stream": stream.config.name, "seq": stream.last}

    def roll_back(self, name: str, to: int) -> None:
        """Started again from an older copy of its files: consumers in memory are gone."""
        stream = self.streams.get(name)
        if stream is None:
            return
        stream.last = min(stream.last, to)
        stream.messages = {at: one for at, one in stream.messages.items() if at <= stream.last}
        self.cursors.clear()

    def delete(self, name: str) -> None:
        self.streams.pop(name, None)
        self.cursors.clear()

    def purge(self, name: str) -> None:
        if name in self.streams:
            self.streams[name].messages.clear()

    def _listening(self, subject: str) -> Stream | None:
        for stream in self.streams.values():
            subjects = stream.config.subjects or []
            if any(subject.startswith(one.removesuffix(">")) for one in subjects):
                return stream
        return None
