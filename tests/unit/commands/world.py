"""A service's write side on a real database, for tests of the path every write takes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

from shared.commands import CommandRequest, Kit, Outcome, execute
from shared.decider import Reference
from shared.errors import AppError
from shared.ids import Kind, RecordId
from shared.keys import KeyStore
from shared.policy import WireLabel, load_policy
from shared.principal import Principal
from shared.roles import Role
from shared.sealing import Vault
from shared.trace import new_trace
from tests.stack.postgres import FreshDatabases
from tests.unit.commands.talks import Order, Plan, talks

POLICY = load_policy(Path(__file__).parents[3] / "deploy/policy/mission.toml")
MISSION = RecordId.new(Kind.ORGANISATION)
AGENCY = RecordId.new(Kind.ORGANISATION)
OFFICER = Principal(
    subject="officer",
    organisation=MISSION,
    client="officer's laptop",
    communities=frozenset({"mil"}),
    caveats=frozenset({"OWN_SIDE"}),
    levels={"un": 2},
    roles=frozenset({Role.LIAISON_OFFICER}),
)
# Of the same house, but without the caveat: he sees engagements and not what our side prepared.
CLERK = replace(OFFICER, subject="clerk", client="clerk's desk", caveats=frozenset())
STRANGER = replace(OFFICER, subject="stranger", client="agency", organisation=AGENCY)
FOR_MIL = WireLabel(level="confidential", releasable_to=(("mil",),))
OWNER_ONLY = WireLabel(level="confidential")


@dataclass
class References:
    """The other records this service knows."""

    known: dict[RecordId, Reference] = field(default_factory=dict)

    async def find(self, ids: frozenset[RecordId]) -> Mapping[RecordId, Reference]:
        return {id_: self.known[id_] for id_ in ids if id_ in self.known}


@dataclass(frozen=True)
class World:
    """A service's write side, and a caller's way to use it."""

    kit: Kit
    references: References
    keys: KeyStore
    databases: FreshDatabases

    async def run(
        self, record_id: RecordId | None, order: Order, by: Principal = OFFICER, **more: object
    ) -> Outcome:
        return await execute(self.kit, talks, record_id, order, request(order, by, **more))

    async def plan(self, order: Plan | None = None, by: Principal = OFFICER) -> RecordId:
        return (await self.run(None, order or Plan(label=FOR_MIL), by)).id

    def vault_knowing_nothing(self) -> Vault:
        """As a service of another version would open this stream."""
        return Vault(self.keys, {})

    async def events(self, record_id: RecordId) -> list[str]:
        return [one.type for one in await self.kit.store.load(str(record_id))]


def request(order: object, by: Principal, **more: object) -> CommandRequest:
    made = CommandRequest(
        principal=by,
        idempotency_key=str(uuid4()),
        route="POST /engagements",
        digest=hashlib.sha256(repr(order).encode()).digest(),
        traceparent=str(new_trace()),
    )
    return replace(made, **more)  # type: ignore[arg-type] # names and types are the caller's


def wrong_fields(error: AppError) -> dict[str, str]:
    """Pointer to code."""
    return {wrong.pointer: wrong.code for wrong in error.errors}
