"""What is stored beside every event's content: whose record, who acted, which trace."""

from dataclasses import dataclass

import orjson

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
