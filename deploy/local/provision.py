"""From a bare server to databases that are migrated, each by its owner, and marked as this mission's."""

import asyncio

from deploy.local.databases import Databases, make_databases
from deploy.local.errors import LocalError
from shared.migrate import KEYSTORE, found_installation, migrate

# Database -> whose history it has.
HISTORIES = {
    "contacts": "contacts",
    "engagements": "engagements",
    "gateway": "gateway",
    "reporting_read": "reporting",
    "keystore": KEYSTORE,
}
BELONG_TO_A_MISSION = ("contacts", "engagements", "gateway", "reporting_read")


async def provision(databases: Databases, mission: str, site: str, *, exercise: bool) -> None:
    """Safe to repeat. Raises LocalError when a database belongs to another mission."""
    await make_databases(databases)
    for name, history in HISTORIES.items():
        # One after another: the migration library keeps its present context in its module.
        await migrate(history, databases.url(name, "owner"))
    try:
        async with asyncio.TaskGroup() as group:
            for name in BELONG_TO_A_MISSION:
                owner_url = databases.url(name, "owner")
                group.create_task(found_installation(owner_url, mission, site, exercise=exercise))
    except* ValueError as wrong:
        raise LocalError(f"{wrong.exceptions[0]}. Start over with --fresh.") from wrong
