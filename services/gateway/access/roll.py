"""Who may call, as principals: looked up in the tables, remembered for two seconds at most.

That memory bounds how long a revoked person or client is still let in (access.md: within 5 s).
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.gateway.access.accounts import (
    Account,
    Client,
    Emergency,
    Pool,
    account_by_id,
    client_by_id,
)
from shared.clock import utc_now
from shared.contracts.gateway import GrantKind
from shared.ids import RecordId
from shared.policy import Policy
from shared.principal import Principal
from shared.roles import Role

FRESH_SECONDS = 2.0
REMEMBERED = 10_000


def person_name(account_id: str) -> str:
    """What a person is called as a caller."""
    return f"person:{account_id}"


def client_name(client_id: str) -> str:
    """What a machine is called as a caller."""
    return f"client:{client_id}"


@dataclass(frozen=True, slots=True)
class Known:
    """A caller: who it is, what pages call him, and since when sessions hold (None: ever)."""

    principal: Principal
    display_name: str
    sessions_since: datetime | None
    emergencies: tuple[Emergency, ...] = ()

    def in_emergency(self, now: datetime, policy: Policy) -> Principal:
        """The caller with what emergency access opens for him now; never for a machine."""
        caveats = {c for one in self.emergencies if now < one.until for c in one.caveats}
        opened = frozenset(caveats & policy.openable) - self.principal.caveats
        lasting = self.emergency(now)
        if lasting is None or not opened:
            return self.principal
        held, under = self.principal.caveats | opened, RecordId.parse(lasting.id)
        return replace(self.principal, caveats=held, opened=opened, under=under)

    def emergency(self, now: datetime) -> Emergency | None:
        """The one that lasts longest."""
        lasting = [one for one in self.emergencies if now < one.until]
        return max(lasting, key=lambda one: one.until, default=None)


@dataclass(frozen=True, slots=True)
class Roll:
    pool: Pool
    policy: Policy
    fresh: OrderedDict[str, tuple[float, Known | None]] = field(default_factory=OrderedDict)

    async def client(self, client_id: str) -> Known | None:
        """The machine client, or None when it is not (or no longer) let in."""
        return await self._looked_up(client_name(client_id), client_id)

    async def person(self, account_id: str) -> Known | None:
        """The person, or None when he is not (or no longer) let in."""
        return await self._looked_up(person_name(account_id), None, account_id)

    def forget(self) -> None:
        self.fresh.clear()

    async def _looked_up(
        self, name: str, client_id: str | None, account_id: str = ""
    ) -> Known | None:
        until, known = self.fresh.get(name, (0.0, None))
        if until > utc_now().timestamp():
            return known
        known = await self._read(name, client_id, account_id)
        self.fresh[name] = (utc_now().timestamp() + FRESH_SECONDS, known)
        self.fresh.move_to_end(name)
        if len(self.fresh) > REMEMBERED:
            self.fresh.popitem(last=False)
        return known

    async def _read(self, name: str, client_id: str | None, account_id: str) -> Known | None:
        client = None
        if client_id is not None:
            client = await client_by_id(self.pool, client_id)
            if client is None:
                return None
            account_id = client.account_id
        account = await account_by_id(self.pool, account_id)
        return _known(account, client, name, self.policy) if account else None


def known_as(account: Account, policy: Policy) -> Known | None:
    """A person as he would stand if he signed in now."""
    return _known(account, None, person_name(account.account_id), policy)


def _known(account: Account, client: Client | None, name: str, policy: Policy) -> Known | None:
    """None when the policy no longer has one of the levels: unknown is denied."""
    now = utc_now()
    ceilings = [account.level, account.partner_level, *([client.level] if client else ())]
    try:
        level = min(policy.ordinal(each) for each in ceilings)
    except KeyError:
        return None
    principal = Principal(
        subject=account.account_id,
        organisation=RecordId.parse(account.organisation_id),
        client=name,
        communities=account.holds(GrantKind.COMMUNITY, now) & policy.communities.keys(),
        caveats=account.holds(GrantKind.CAVEAT, now) & policy.caveats.keys(),
        levels={policy.id: level},
        roles=_roles(account.holds(GrantKind.ROLE, now), policy),
        language=account.language,
        policy_epoch=account.version + account.expired(now) + (client.version if client else 0),
    )
    entitled = client is None and principal.roles & policy.emergency_roles
    emergencies = account.emergencies if entitled else ()
    return Known(principal, account.display_name, account.sessions_since, emergencies)


def _roles(held: frozenset[str], policy: Policy) -> frozenset[Role]:
    """Those of `held` that the mission gives; a role this release does not know is none."""
    return frozenset(Role(role) for role in held & {str(role) for role in policy.roles})
