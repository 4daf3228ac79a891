"""The streams are gone: read models come back from the services' own events, given to nobody else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from deploy.local.state import free_port
from services.reporting.rebuilding import Rebuilt, Wanted, rebuild
from services.reporting.settings import ReportingSettings
from shared.event_reading import PATH, PRIVATE_KEY, rebuilder
from shared.ids import Kind
from shared.principal_signing import HEADER, load_signer, request_digest
from tests.service.deciding_world import POLICY_FILE, Caller, Installed
from tests.service.reporting_world import (
    ALL,
    World,
    fresh_databases,
    open_world,
    planned,
    reader,
    registered,
)
from tests.stack.nats import new_mission

NO_BUS = "nats://127.0.0.1:1"
TARGET = f"{PATH}?after=0&limit=10"


@dataclass(frozen=True)
class Cold:
    """The services that decide, and what they decided; no bus."""

    world: World
    contacts: Caller
    engagements: Caller
    settings: ReportingSettings

    async def rebuilt(self, wanted: Wanted) -> Rebuilt:
        lines = {"contacts": self.contacts, "engagements": self.engagements}
        urls = {name: str(line.http._base_url).rstrip("/") for name, line in lines.items()}
        return await rebuild(self.settings, lambda *_: None, wanted, urls)

    async def asked(self, line: Caller, target: str = TARGET) -> int:
        """The answer to whoever signs with `line`."""
        signed = line.signer.sign(line.principal, line.service, request_digest("GET", target, b""))
        async with line.http.get(target, headers={HEADER: signed}) as answer:
            return answer.status

    @property
    def rebuilding(self) -> Caller:
        signer = load_signer(self.settings.secrets_dir / PRIVATE_KEY, self.settings.mission)
        return replace(self.contacts, signer=signer, principal=rebuilder())


@pytest.fixture
async def cold(postgres, layout) -> AsyncIterator[Cold]:
    fresh, mission = await fresh_databases(postgres), new_mission()
    services = Installed(fresh, NO_BUS, mission, layout.secrets)
    settings = ReportingSettings(
        service="reporting", mission=mission, site="hq", port=free_port(),
        keystore_url=fresh.url("keystore", "reporting"), nats_url=NO_BUS,
        nats_seed_file=layout.secrets / "nats-reporting.seed", secrets_dir=layout.secrets,
        policy_file=POLICY_FILE, read_url=fresh.url("reporting_read", "reader"),
        projector_url=fresh.url("reporting_read", "projector"),
    )  # fmt: skip
    async with (
        open_world(postgres, layout, fresh) as world,
        services.contacts() as contacts,
        services.engagements() as engagements,
    ):
        yield Cold(world, contacts, engagements, settings)


async def test_without_a_stream_a_rebuild_reads_on_to_the_end_of_every_source(cold: Cold) -> None:
    world = cold.world
    await world.append(Kind.ENGAGEMENT, planned("Seen before", base=ALL))
    await world.catch_up()
    later = await world.append(Kind.ORGANISATION, registered("Only in the store"))
    rebuilt = await cold.rebuilt(Wanted(swap=True, onward=True))
    assert rebuilt.equal
    assert rebuilt.generation == 2
    assert str(later) in await world.list(reader("un"))
    cut = await world.projector.fetch("select source, position from change_floors")
    assert [tuple(row) for row in cut] == [("contacts", 1)]


async def test_a_cold_rebuild_that_only_compares_leaves_everything_as_it_was(cold: Cold) -> None:
    await cold.world.append(Kind.ENGAGEMENT, planned(base=ALL))
    await cold.world.catch_up()
    assert (await cold.rebuilt(Wanted(swap=False, onward=True))).equal
    fetch = cold.world.projector.fetchval
    assert await fetch("select active from generations") == 1
    assert await fetch("select to_regclass('g2.records')") is None
    assert await fetch("select count(*) from rebuilds") == 0


async def test_events_are_given_to_a_rebuild_and_to_nobody_else(cold: Cold) -> None:
    assert await cold.asked(cold.rebuilding) == 200
    assert await cold.asked(cold.contacts) == 401  # the gateway vouches for him
    other = replace(cold.rebuilding, service="engagements")
    assert await cold.asked(other) == 401
    async with cold.contacts.http.get(TARGET) as unsigned:
        assert unsigned.status == 401


async def test_a_rebuilds_key_opens_no_other_door(cold: Cold) -> None:
    answer = await cold.rebuilding.post("/organisations", {})
    assert answer.status == 401
