"""Whom and what this service's records may refer to: its own records, and those of contacts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from services.engagements.attachment import attachment
from services.engagements.commitment import commitment
from services.engagements.engagement import engagement
from services.engagements.reference_store import ReferenceStore
from shared.contracts.event import Group
from shared.decider import Reference, S
from shared.eventstore.store import EventStore
from shared.ids import Kind, RecordId
from shared.record_state import RecordState, fold
from shared.sealing import Opened, Vault

OWN = frozenset({Kind.ENGAGEMENT, Kind.COMMITMENT, Kind.ATTACHMENT})


@dataclass(frozen=True, slots=True)
class ReferenceBooks:
    """Both books as one. Asks only the one that can know."""

    store: EventStore
    vault: Vault
    others: ReferenceStore

    async def find(self, ids: frozenset[RecordId]) -> Mapping[RecordId, Reference]:
        """Those of `ids` that exist, whoever may read them."""
        own = frozenset(one for one in ids if one.kind in OWN)
        found = dict(await self.others.find(ids - own)) if ids - own else {}
        return found | (await self._own(own) if own else {})

    async def _own(self, ids: frozenset[RecordId]) -> dict[RecordId, Reference]:
        recorded = await self.store.load_many([str(one) for one in ids])
        opened = await self.vault.open_all(recorded)
        streams = groupby(opened, lambda one: one.recorded.stream_id)
        found = [_reference(RecordId.parse(stream), list(events)) for stream, events in streams]
        return {one.id: one for one in found}


def _reference(record_id: RecordId, events: Sequence[Opened]) -> Reference:
    match record_id.kind:
        case Kind.ATTACHMENT:
            file = fold(attachment, record_id, events)
            return _referred(file, file.state.status)
        case Kind.COMMITMENT:
            promise = fold(commitment, record_id, events)
            return _referred(promise, promise.state.status)
        case _:
            meeting = fold(engagement, record_id, events)
            return _referred(meeting, meeting.state.status)


def _referred(known: RecordState[S], status: str) -> Reference:
    stands = "removed" if known.removed else status
    return Reference(known.id, known.labels[Group.BASE], stands, known.labels)
