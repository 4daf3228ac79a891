"""A world per test: its own databases, its own keys."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from shared.commands import Kit
from shared.contracts.engagements import EngagementsEvent
from shared.database import open_pool
from shared.event_types import event_types
from shared.eventstore.store import open_store
from shared.key_ring import KeyRing
from shared.keys import own_keys
from shared.sealing import Vault
from tests.stack.postgres import TestPostgres
from tests.unit.commands.world import POLICY, References, World


@pytest.fixture
async def world(postgres: TestPostgres) -> AsyncIterator[World]:
    databases = await postgres.fresh("engagements", "keystore")
    async with AsyncExitStack() as open_:
        store = await open_.enter_async_context(open_store(databases.url("engagements", "app")))
        pool = await open_.enter_async_context(
            open_pool(databases.url("keystore", "engagements"), connections=2)
        )
        keys = own_keys(pool, "engagements", KeyRing.of(bytes(32)))
        vault = Vault(keys, event_types(EngagementsEvent))
        references = References()
        kit = Kit(store, vault, POLICY, references, bytes(32), exercise=True)
        yield World(kit, references, keys, databases)
