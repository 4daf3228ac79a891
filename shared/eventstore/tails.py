"""The end of a stream: its snapshot, if it has one, and the events from that one's on."""

from collections.abc import Sequence
from dataclasses import dataclass

from asyncpg import Record

from shared.eventstore.model import Recorded

# $1 the stream, $2 the fold. One row at least; its event is null when there is none from there on.
LOAD_TAIL = """
select s.subjects, case when e.version is null or e.version = s.version then s.body end as body,
       e.position, e.epoch, uuid_send(e.event_id), e.stream_id, e.version, e.type, e.data, e.meta,
       timestamptz_send(e.occurred_at), timestamptz_send(e.recorded_at), e.prev_hash, e.hash
  from (select) one
  left join snapshots s on s.stream_id = $1 and s.fold = $2
  left join events e on e.stream_id = $1 and e.version >= coalesce(s.version, 1)
        and e.position >= coalesce(s.position, 1)
 order by e.version
"""
KEEP = """
insert into snapshots (stream_id, fold, version, position, subjects, body, made_at)
values ($1, $2, $3, $4, $5, $6, clock_timestamp())
    on conflict (stream_id) do update
   set fold = excluded.fold, version = excluded.version, position = excluded.position,
       subjects = excluded.subjects, body = excluded.body, made_at = excluded.made_at
"""


@dataclass(frozen=True, slots=True)
class Tail:
    """With a `body`, `events` begin with the one it claims to stand at, if that is there."""

    subjects: tuple[str, ...]
    body: bytes | None
    events: list[Recorded]

    @property
    def is_whole(self) -> bool:
        """Whether `events` are all there are. Without a snapshot they are."""
        return self.body is None and all(event.version == 1 for event in self.events[:1])


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`at`: the event it stands at."""

    at: Recorded
    fold: bytes
    subjects: tuple[str, ...]
    body: bytes


def tail_of(rows: Sequence[Record]) -> Tail:
    events = [Recorded._make(row[2:]) for row in rows if row["position"] is not None]
    return Tail(tuple(rows[0]["subjects"] or ()), rows[0]["body"], events)
