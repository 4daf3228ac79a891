"""What is stored beside every event's content: whose record, who acted, which trace, by which command."""

from dataclasses import dataclass

import orjson

from shared.eventstore.model import CommandMark
from shared.ids import Kind, RecordId


@dataclass(frozen=True, slots=True)
class EventMeta:
    """`owner`: the organisation that registered the record. `by`, `organisation`: who acted."""

    record: RecordId
    owner: RecordId
    by: str
    organisation: RecordId
    traceparent: str
    exercise: bool

    @property
    def kind(self) -> Kind:
        return self.record.kind

    def to_bytes(self) -> bytes:
        return orjson.dumps(
            {
                "record": str(self.record),
                "kind": self.kind,
                "owner": str(self.owner),
                "by": self.by,
                "org": str(self.organisation),
                "traceparent": self.traceparent,
                "exercise": self.exercise,
            },
            option=orjson.OPT_SORT_KEYS,
        )


def read_meta(stored: bytes) -> EventMeta:
    """Reads `EventMeta.to_bytes` back."""
    found = orjson.loads(stored)
    return EventMeta(
        record=RecordId.parse(found["record"]),
        owner=RecordId.parse(found["owner"]),
        by=found["by"],
        organisation=RecordId.parse(found["org"]),
        traceparent=found["traceparent"],
        exercise=found["exercise"],
    )


def author_in(stored: bytes) -> str:
    """Who acted, and nothing else: all that most events are asked for when a record is loaded."""
    by: str = orjson.loads(stored)["by"]
    return by


def with_command(stored: bytes, mark: CommandMark) -> bytes:
    """Meta of a command's last event: it travels with the event, so that a restore loses no command.

    `mark.request_digest` must be keyed: what was asked could be guessed from a bare digest.
    """
    told = {
        "id": mark.command_id.hex(),
        "digest": mark.request_digest.hex(),
        "outcome": mark.outcome,
    }
    return orjson.dumps(orjson.loads(stored) | {"command": told}, option=orjson.OPT_SORT_KEYS)


def command_in(stored: bytes) -> CommandMark | None:
    """The command this event ended, if it says so; the record is the event's own."""
    found = orjson.loads(stored)
    told = found.get("command")
    if told is None:
        return None
    identity, digest = bytes.fromhex(told["id"]), bytes.fromhex(told["digest"])
    return CommandMark(identity, digest, found["record"], told["outcome"])
