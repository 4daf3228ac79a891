"""Once, on the first start of this release: whom the release before let in is enrolled by events.

Its tables are read and left alone, for it may still be serving. Remove with the tables, one release later.
"""

import asyncio

import asyncpg

from services.gateway.access.desk import AccessDesk
from services.gateway.access.personas import Persona
from services.gateway.access.provisioning import Provisioning
from shared.database import asking
from shared.errors import BusyError, RejectedError

AGAIN_SECONDS = 0.5
_KNOWN_BEFORE = """select a.account_id, username, display_name, organisation_id, roles, communities, caveats,
        a.level as level, language, password_hash, c.level as client_level, secret_hash
    from accounts a left join clients c on c.client_id = a.account_id || '-client'
        and c.disabled_at is null
    where a.disabled_at is null and not exists
        (select from access_accounts n where n.account_id = a.account_id or n.username = a.username)
    order by a.account_id"""


async def inheriting(desk: AccessDesk, mission: str) -> None:
    """`inherit`, as soon as the store takes events: it may wait to be compared with its stream."""
    while True:
        try:
            return await inherit(desk, mission)
        except BusyError:
            await asyncio.sleep(AGAIN_SECONDS)


async def inherit(desk: AccessDesk, mission: str) -> None:
    """Raises as the desk does. Another replica may be at the same: whoever comes second goes on."""
    async with asking(desk.pool) as connection:
        rows = await connection.fetch(_KNOWN_BEFORE)
    for row in rows:
        try:
            await Provisioning(desk, mission, {}).inherited(
                _persona(row), row["password_hash"], row["secret_hash"]
            )
        except RejectedError:
            continue


def _persona(row: asyncpg.Record) -> Persona:
    same = ("username", "roles", "communities", "caveats", "level", "language", "client_level")
    kept = {name: row[name] for name in same}
    return Persona(
        id=row["account_id"], name=row["display_name"], organisation=row["organisation_id"], **kept
    )
