"""Places into a read model as they would get there: events through the projection itself."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import orjson

from cli.benching.gazetteer import GazetteerPlace
from deploy.local.layout import Layout
from services.reporting.projecting import RecordsProjection
from services.reporting.sources import Source
from shared.contracts.contacts import ContactsEvent
from shared.database import Pool
from shared.event_meta import EventMeta
from shared.event_types import event_types
from shared.eventstore.model import NO_HASH, Recorded
from shared.eventstore.stamps import stamp
from shared.ids import Kind, RecordId
from shared.interning import LabelBook
from shared.key_ring import KeyRing
from shared.keys import readable_keys
from shared.labels import label, to_json
from shared.projection import Checkpoint, load_checkpoint, project
from shared.sealing import Vault

if TYPE_CHECKING:
    from shared.interning import Connection

SOURCE, REGISTERED = "contacts", "place.registered.v1"
BATCH = 500
OWNER = RecordId.new(Kind.ORGANISATION)
EVERYBODY = to_json(label({"un": 0}, [["community:all"]]))
AT = datetime(2030, 1, 2, tzinfo=UTC)


async def load_places(
    projector: Pool, keystore: Pool, layout: Layout, places: Sequence[GazetteerPlace]
) -> None:
    """Registers them in generation 1, in batches as a stream would bring them."""
    projection = places_projection(keystore, layout)
    async with projector.acquire() as connection:
        await load_checkpoint(connection, projection.name, SOURCE)
        await project_all(connection, projection, registered(places))


def places_projection(keystore: Pool, layout: Layout) -> RecordsProjection:
    """Into generation 1, which is the one that is served."""
    types = event_types(ContactsEvent)
    kek = KeyRing(layout.secrets / f"kek-{SOURCE}.key")
    source = Source(SOURCE, types, Vault(readable_keys(keystore, SOURCE, kek), types))
    return RecordsProjection(1, source, LabelBook(), live=True)


async def project_all(
    connection: "Connection", projection: RecordsProjection, events: Sequence[Recorded]
) -> None:
    """From the very first event."""
    at = Checkpoint(0, 0)
    for first in range(0, len(events), BATCH):
        at = await project(connection, projection, SOURCE, at, events[first : first + BATCH])


def registered(places: Sequence[GazetteerPlace]) -> list[Recorded]:
    """The events of a gazetteer, in its order."""
    return [_registered(place, number) for number, place in enumerate(places, 1)]


def _registered(place: GazetteerPlace, position: int) -> Recorded:
    meta = EventMeta(place.id, OWNER, "bench", OWNER, "", exercise=True)
    data = {
        "type": REGISTERED,
        "name": {"text": place.name},
        "alternative_names": [{"text": name} for name in place.synonyms],
        "level": place.level,
        "labels": {"base": EVERYBODY},
    }
    return Recorded(
        position=position, epoch=1, id_bytes=uuid4().bytes, stream_id=str(place.id), version=1,
        type=REGISTERED, data=orjson.dumps(data), meta=meta.to_bytes(),
        occurred_stamp=stamp(AT), recorded_stamp=stamp(AT), prev_hash=NO_HASH, hash=NO_HASH,
    )  # fmt: skip
