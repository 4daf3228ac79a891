"""Who else may see something: everybody who is let in now, asked one by one by the same rule."""

from collections import Counter
from collections.abc import Iterable, Sequence

from services.gateway.access.accounts import every_account
from services.gateway.access.roll import known_as
from shared.database import Pool
from shared.labels import Label, reads
from shared.policy import Policy
from shared.principal import Principal


async def principals(pool: Pool, policy: Policy) -> list[Principal]:
    """Everybody who may sign in, as he would stand now."""
    known = (known_as(account, policy) for account in await every_account(pool))
    return [one.principal for one in known if one is not None]


def readers(let_in: Iterable[Principal], label: Label) -> Sequence[tuple[str, int]]:
    """Organisations, and how many people of each read what carries `label`; the ids in order."""
    found = Counter(str(one.organisation) for one in let_in if reads(one.clearance, label))
    return sorted(found.items())
