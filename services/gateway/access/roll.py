"""Who may call, as principals: looked up in the tables, remembered for two seconds at most.

That memory bounds how long a revoked person or client is still let in (access.md: within 5 s).
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from services.gateway.access.accounts import Account, Pool, account_by_id, client_by_id
from shared.clock import utc_now
from shared.ids import RecordId
from shared.policy import Policy
from shared.principal import Principal
from shared.roles import Role

FRESH_SECONDS = 2.0
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """A caller: who it is, and what pages call him."""

    principal: Principal
    display_name: str


@dataclass(frozen=True, slots=True)
class Roll:
    pool: Pool
    policy: Policy
    fresh: OrderedDict[str, tuple[float, Known | None]] = field(default_factory=OrderedDict)

    async def client(self, client_id: str) -> Known | None:
        """The machine client, or None when it is not (or no longer) let in."""
        return await self._looked_up(f"client:{client_id}", client_id)

    async def person(self, account_id: str) -> Known | None:
        """The person, or None when he is not (or no longer) let in."""
        return await self._looked_up(f"person:{account_id}", None, account_id)

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
        ceiling = None
        if client_id is not None:
            client = await client_by_id(self.pool, client_id)
            if client is None:
                return None
            account_id, ceiling = client.account_id, client.level
        account = await account_by_id(self.pool, account_id)
        return _known(account, name, ceiling, self.policy) if account else None


def _known(account: Account, client: str, ceiling: str | None, policy: Policy) -> Known | None:
    """None when the policy no longer has the level: unknown is denied."""
    try:
        level = min(policy.ordinal(each) for each in (account.level, ceiling or account.level))
    except KeyError:
        return None
    principal = Principal(
        subject=account.account_id,
        organisation=RecordId.parse(account.organisation_id),
        client=client,
        communities=account.communities & policy.communities.keys(),
        caveats=account.caveats & policy.caveats.keys(),
        levels={policy.id: level},
        roles=frozenset(Role(role) for role in account.roles if role in policy.roles),
        language=account.language,
        policy_epoch=account.policy_epoch,
    )
    return Known(principal, account.display_name)
