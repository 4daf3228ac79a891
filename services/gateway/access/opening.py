"""The desk of access administration, in the gateway's process or an operator's."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from services.gateway.access.desk import AccessDesk
from services.gateway.access.projection import AccessProjection
from services.gateway.access.turns import Turns
from services.gateway.settings import GatewaySettings
from shared.commands_kit import Kit
from shared.contracts.gateway import GatewayEvent
from shared.database import Pool, open_pool
from shared.decider import Reference
from shared.event_types import event_types
from shared.eventstore.store import EventStore
from shared.ids import RecordId, new_bytes
from shared.key_ring import KeyRing
from shared.keys import own_keys
from shared.policy import Policy, load_policy
from shared.sealing import Vault

SERVICE = "gateway"
# Appends keep some for themselves, and who waits for his turn holds one.
OPERATOR_CONNECTIONS = 8


class NoReferences:
    """Access records mention no others."""

    def __init__(self, store: EventStore, vault: Vault) -> None:
        pass

    async def find(self, ids: frozenset[RecordId]) -> Mapping[RecordId, Reference]:
        return {}


@dataclass(frozen=True, slots=True)
class OperatorAccess:
    """All that is needed to administer access without a running gateway."""

    database_url: str = field(repr=False)
    keystore_url: str = field(repr=False)
    wrapping: KeyRing = field(repr=False)
    policy: Policy

    @classmethod
    def of(cls, settings: GatewaySettings) -> "OperatorAccess":
        return cls(
            settings.database_url,
            settings.keystore_url,
            settings.wrapping,
            load_policy(settings.policy_file),
        )


def desk_of(kit: Kit, pool: Pool) -> AccessDesk:
    """`pool` is of the gateway's database."""
    return AccessDesk(kit, pool, AccessProjection(pool, kit.store, kit.vault), Turns(pool))


@asynccontextmanager
async def open_desk(access: OperatorAccess) -> AsyncIterator[AccessDesk]:
    """For an operator's command, which repeats nothing by key: its command secret is of the moment."""
    async with (
        open_pool(access.database_url, connections=OPERATOR_CONNECTIONS) as pool,
        open_pool(access.keystore_url, connections=1) as key_pool,
    ):
        keys = own_keys(key_pool, SERVICE, access.wrapping)
        store, vault = EventStore(pool), Vault(keys, event_types(GatewayEvent))
        kit = Kit(
            store=store,
            vault=vault,
            policy=access.policy,
            references=NoReferences(store, vault),
            secret=new_bytes(32),
            exercise=bool(await pool.fetchval("select exercise from installation")),
        )
        try:
            yield desk_of(kit, pool)
        finally:
            await store.close()
