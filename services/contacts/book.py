"""Organisations, people, posts and places as their own service looks them up when others refer to them."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from services.contacts.organisation import organisation
from services.contacts.person import person
from services.contacts.place import place
from services.contacts.post import post
from shared.contracts.event import Group
from shared.decider import Reference, S
from shared.eventstore.store import EventStore
from shared.ids import Kind, RecordId
from shared.record_state import RecordState, fold
from shared.sealing import Opened, Vault


class OwnBook:
    """The service's own store, read as a reference book. Two queries whatever is asked."""

    def __init__(self, store: EventStore, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    async def find(self, ids: frozenset[RecordId]) -> Mapping[RecordId, Reference]:
        """Those of `ids` that exist, whoever may read them."""
        recorded = await self._store.load_many([str(one) for one in ids])
        opened = await self._vault.open_all(recorded)
        streams = groupby(opened, lambda one: one.recorded.stream_id)
        found = [_reference(RecordId.parse(stream), list(events)) for stream, events in streams]
        return {one.id: one for one in found}


def _reference(record_id: RecordId, events: Sequence[Opened]) -> Reference:
    match record_id.kind:
        case Kind.PLACE:
            known_place = fold(place, record_id, events)
            return _referred(known_place, known_place.state.status)
        case Kind.PERSON:
            known_person = fold(person, record_id, events)
            return _referred(known_person, known_person.state.status)
        case Kind.POST:
            known_post = fold(post, record_id, events)
            return _referred(known_post, known_post.state.status)
        case _:
            known = fold(organisation, record_id, events)
            return _referred(known, known.state.status)


def _referred(known: RecordState[S], status: str) -> Reference:
    stands = "removed" if known.removed else status
    return Reference(known.id, known.labels[Group.BASE], stands, known.labels)
