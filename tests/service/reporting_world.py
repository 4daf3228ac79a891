"""Events decided elsewhere, the read model they become, and readers of it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from deploy.local.layout import Layout
from services.reporting.filters import Filters, Page
from services.reporting.overriding import OverridesProjection
from services.reporting.projecting import RecordsProjection
from services.reporting.queries.records import find_record, list_records
from services.reporting.reading import Reader, Snapshot
from services.reporting.records.rows import SOURCES
from services.reporting.sources import Source
from services.reporting.views import Views
from shared.contracts.contacts import ContactsEvent, OrganisationKind, OrganisationRegistered
from shared.contracts.engagements import (
    EngagementPlanned,
    EngagementsEvent,
    EngagementType,
    Participant,
    Side,
)
from shared.contracts.event import DomainEvent, Group
from shared.database import open_pool
from shared.event_meta import EventMeta
from shared.event_types import event_types
from shared.eventstore.model import Append, NewEvent, Recorded
from shared.eventstore.store import EventStore, open_store
from shared.ids import Kind, RecordId
from shared.interning import LabelBook
from shared.key_ring import KeyRing
from shared.keys import own_keys, readable_keys
from shared.labels import Label, label, to_json
from shared.policy import Policy, load_policy
from shared.principal import Principal
from shared.projection import Checkpoint, load_checkpoint, project
from shared.roles import Role
from shared.sealing import Vault
from shared.values import Name, Place, Point, Precision, Text, When

POLICY = Path(__file__).parents[2] / "deploy/policy/mission.toml"
NINE = datetime(2030, 1, 2, 9, tzinfo=UTC)
OWNER = RecordId.new(Kind.ORGANISATION)
SERVICES = SOURCES
TYPES = {"contacts": event_types(ContactsEvent), "engagements": event_types(EngagementsEvent)}
EVERY_GROUP = (Group.BASE, Group.IDENTITY, Group.EXACT_PLACE, Group.OWN_SIDE, Group.SOURCE)
MALAKAL = Place(
    text="Malakal", place_id=RecordId.new(Kind.PLACE), area="SS0801",
    point=Point(lat=9.53, lon=31.66), precision=Precision.SETTLEMENT,
)  # fmt: skip


def open_to(*words: str, level: int = 1, caveats: tuple[str, ...] = ()) -> Label:
    """A label for these communities and the owner."""
    atoms = {f"org:{OWNER}", *(f"community:{word}" for word in words)}
    return label({"un": level}, [atoms], caveats)


MIL, UN, ALL = open_to("mil"), open_to("un"), open_to("all")


def labels(base: Label = MIL, **groups: Label) -> dict[Group, dict[str, Any]]:
    """Labels of every group of an engagement; those not named have the base's."""
    named = {Group(group): to_json(value) for group, value in groups.items()}
    return {group: to_json(base) for group in EVERY_GROUP} | named


def reader(*communities: str, level: int = 3, caveats: tuple[str, ...] = ()) -> Principal:
    return Principal(
        subject="reader",
        organisation=RecordId.new(Kind.ORGANISATION),
        client="reader",
        communities=frozenset(communities),
        caveats=frozenset(caveats),
        levels={"un": level},
        roles=frozenset({Role.PARTNER}),
    )


def planned(purpose: str = "Cattle corridor talks", base: Label = MIL, **more: Any) -> DomainEvent:
    labelled = [name for name, value in more.items() if isinstance(value, Label)]
    groups = {name: more.pop(name) for name in labelled}
    given: dict[str, Any] = {  # Any: fields of several types
        "engagement_type": EngagementType.ROUTINE_LIAISON,
        "purpose": Text(text=purpose, lang="en"),
        "when": When.lasting(NINE, 60),
        "place": MALAKAL,
        "labels": labels(base, **groups),
    }
    return EngagementPlanned(**(given | more))


def registered(name: str = "Invented Relief", base: Label = ALL, **more: Any) -> DomainEvent:
    given: dict[str, Any] = {  # Any: fields of several types
        "organisation_kind": OrganisationKind.NGO,
        "name": Name(text=name, lang="en"),
        "labels": {Group.BASE: to_json(base)},
    }
    return OrganisationRegistered(**(given | more))


def with_organisation(organisation: RecordId) -> tuple[Participant, ...]:
    return (Participant(side=Side.COUNTERPART, organisation_id=organisation),)


@dataclass
class World:
    """`append` decides, `catch_up` projects, `see` and `list` read."""

    stores: dict[str, EventStore]
    sealing: dict[str, Vault]
    sources: dict[str, Source]
    projector: "asyncpg.Pool[asyncpg.Record]"
    readers: "asyncpg.Pool[asyncpg.Record]"
    policy: Policy
    book: LabelBook = field(default_factory=LabelBook)
    predicate: bool = True

    @property
    def reader(self) -> Reader:
        return Reader(self.readers, self.book, predicate=self.predicate)

    @property
    def views(self) -> Views:
        return Views(self.policy, self.book.labels)

    async def append(self, record: RecordId | Kind, *events: DomainEvent) -> RecordId:
        """Store `events` as the service that decides about the record would."""
        record_id = RecordId.new(record) if isinstance(record, Kind) else record
        service = SERVICES[record_id.kind]
        meta = EventMeta(record_id, OWNER, "officer", OWNER, "", exercise=True)
        sealed = await self.sealing[service].seal(events, record_id, meta.to_bytes(), NINE)
        store = self.stores[service]
        version = len(await store.load(str(record_id)))
        await store.append(Append(str(record_id), version, sealed))
        return record_id

    async def poison(self, event_type: str = "engagement.planned.v1") -> int:
        """Store an event that says nothing an engagement could be made of; its position."""
        record_id = RecordId.new(Kind.ENGAGEMENT)
        meta = EventMeta(record_id, OWNER, "nobody", OWNER, "", exercise=True).to_bytes()
        event = NewEvent(uuid4(), event_type, b'{"purpose": 1}', meta, NINE)
        store = self.stores["engagements"]
        return (await store.append(Append(str(record_id), 0, (event,)))).position

    async def events(self, service: str, after: int = 0) -> list[Recorded]:
        return await self.stores[service].read_all(after, 10_000)

    async def catch_up(self, generation: int = 1, *, at_once: int = 10_000) -> None:
        """Project everything that is stored, in batches of `at_once`."""
        for service, source in self.sources.items():
            projection = RecordsProjection(generation, source, self.book, live=generation == 1)
            await self._project(projection, service, at_once)

    async def override(self) -> None:
        """Only the overrides take in what is stored."""
        for service in self.sources:
            await self._project(OverridesProjection(self.book), service, 10_000)

    async def _project(self, projection: Any, service: str, at_once: int) -> None:
        async with self.projector.acquire() as connection:
            at: Checkpoint = await load_checkpoint(connection, projection.name, service)
            while events := (await self.events(service, at.position))[:at_once]:
                at = await project(connection, projection, service, at, events)

    @asynccontextmanager
    async def snapshot(self, principal: Principal) -> AsyncIterator[Snapshot]:
        async with self.reader.snapshot(principal) as opened:
            yield opened

    async def list(self, principal: Principal, **filters: Any) -> list[str]:
        """Ids of what this list shows, in order."""
        page = filters.pop("page", Page())
        async with self.snapshot(principal) as snapshot:
            listed = await list_records(snapshot, Filters(**filters), page)
        return [row["record_id"] for row in listed.rows]

    async def see(self, principal: Principal, record_id: RecordId) -> Any:
        """The record as `principal` sees it; None when he does not."""
        async with self.snapshot(principal) as snapshot:
            row = await find_record(snapshot, str(record_id))
            return (await self.views.of(snapshot, [row]))[0] if row else None

    def without_predicate(self) -> "World":
        """The same world with the first wall taken down."""
        return replace(self, predicate=False)


async def fresh_databases(postgres: Any) -> Any:
    return await postgres.fresh("contacts", "engagements", "reporting_read", "keystore")


@asynccontextmanager
async def open_world(postgres: Any, layout: Layout, fresh: Any = None) -> AsyncIterator[World]:
    """With databases of its own, unless `fresh` are given."""
    fresh = fresh or await fresh_databases(postgres)
    keys = {name: KeyRing(layout.secrets / f"kek-{name}.key") for name in TYPES}
    async with AsyncExitStack() as stack:

        async def pool(name: str, role: str) -> "asyncpg.Pool[asyncpg.Record]":
            return await stack.enter_async_context(open_pool(fresh.url(name, role), connections=4))

        stores = {
            name: await stack.enter_async_context(open_store(fresh.url(name, "app")))
            for name in TYPES
        }
        readable = await pool("keystore", "reporting")
        own = {name: await pool("keystore", name) for name in TYPES}
        yield World(
            stores=stores,
            sealing={n: Vault(own_keys(own[n], n, keys[n]), types) for n, types in TYPES.items()},
            sources={
                n: Source(n, types, Vault(readable_keys(readable, n, keys[n]), types, foreign=True))
                for n, types in TYPES.items()
            },
            projector=await pool("reporting_read", "projector"),
            readers=await pool("reporting_read", "reader"),
            policy=load_policy(POLICY),
        )
