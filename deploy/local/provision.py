"""From bare servers to databases that are migrated, each under its own role, and marked as ours."""

from deploy.local.databases import (
    EVENT_DATABASES,
    KEYSTORE,
    READ_DATABASE,
    ROLES,
    Databases,
    make_databases,
)
from deploy.local.layout import Var
from shared.migrate import found_installation, migrate


def known_passwords(var: Var, prefix: str) -> dict[str, str]:
    """The password of every role, made once."""
    return {
        f"{prefix}{database}_{role}": var.secret(f"db-{database}-{role}.password")
        for database, roles in ROLES.items()
        for role in ("owner", *roles)
    }


async def provision(databases: Databases, mission: str, site: str, *, exercise: bool) -> None:
    """Raises ValueError when the databases belong to another installation."""
    await make_databases(databases)
    # One after another: the migration library keeps its present context in its module.
    for name in (*EVENT_DATABASES, KEYSTORE):
        await migrate(name, databases.url(name, "owner"))
    await migrate("reporting", databases.url(READ_DATABASE, "owner"))
    for name in EVENT_DATABASES:
        await found_installation(databases.url(name, "owner"), mission, site, exercise=exercise)
