"""Who viewed as others, when and as whom; and which organisations there are to view as."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.database import Pool, asking

LATEST = 50
_PARTNERS = (
    "select organisation_id from access_partners where not suspended order by organisation_id"
)
_OF_ACCOUNT = """select record_id, audience, began_at, until, left_at from viewings
    where account_id = $1 order by began_at desc, record_id desc limit $2"""


@dataclass(frozen=True, slots=True)
class Viewed:
    """One viewing. `left_at` None: it lasted, or lasts, `until`."""

    record_id: str
    audience: str
    began_at: datetime
    until: datetime
    left_at: datetime | None


async def viewings_of(pool: Pool, account_id: str) -> Sequence[Viewed]:
    """The LATEST of a person, the latest first."""
    async with asking(pool) as connection:
        rows = await connection.fetch(_OF_ACCOUNT, account_id, LATEST)
    return [Viewed(**row) for row in rows]


async def partners_let_in(pool: Pool) -> list[str]:
    """Ids of their organisations' records."""
    async with asking(pool) as connection:
        rows = await connection.fetch(_PARTNERS)
    return [row["organisation_id"] for row in rows]
