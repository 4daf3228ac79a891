"""`python -m shared.migrating`: brings one service's database up to date, and ends.

Run with the owner's address (`parley_owner_url` in the settings folder), which no serving process has.
"""

import asyncio

from shared import logs
from shared.migrate import found_installation, migrate
from shared.settings import Address, Code, Settings


class MigrationSettings(Settings):
    """Whose database it is, and what it is to belong to for ever."""

    service: Code
    mission: Code
    site: Code
    exercise: bool
    owner_url: Address
    log_level: str = "info"


async def bring_up_to_date(settings: MigrationSettings) -> None:
    """Safe to repeat. Raises ValueError when the database belongs to another mission."""
    await migrate(settings.service, settings.owner_url)
    await found_installation(
        settings.owner_url, settings.mission, settings.site, exercise=settings.exercise
    )


def main() -> None:
    settings = MigrationSettings()
    logs.configure(f"migrate-{settings.service}", settings.log_level)
    asyncio.run(bring_up_to_date(settings))


if __name__ == "__main__":
    main()
