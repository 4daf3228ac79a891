"""Which server holds what in compose, and the address of every database there, by role."""

from collections.abc import Mapping
from urllib.parse import quote

from deploy.local.databases import ROLES, Databases, all_logins

PREFIX = "parley_"
PORT = 5432
# The two PostgreSQL servers by host name: keys live on one of their own, whose backups live short.
SERVERS = {
    "postgres": tuple(name for name in ROLES if name != "keystore"),
    "keystore": ("keystore",),
}
# Where every container finds its secrets, and what the servers' certificates are checked against.
MOUNTED = "/run/secrets"
AUTHORITY = f"{MOUNTED}/ca.crt"


def admin(server: str) -> str:
    """The login of the administrator of `server`."""
    return f"{PREFIX}admin_{server}"


def logins() -> list[str]:
    """Every login of both servers."""
    return [*all_logins(PREFIX), *(admin(server) for server in SERVERS)]


def databases(server: str, passwords: Mapping[str, str]) -> Databases:
    """What is kept on `server`, seen by its administrator."""
    login = admin(server)
    secret = quote(passwords[login], safe="")
    address = f"postgresql://{login}:{secret}@{server}:{PORT}/postgres"
    return Databases(f"{address}?sslmode=verify-full&sslrootcert={AUTHORITY}", PREFIX, passwords)


def url(name: str, role: str, passwords: Mapping[str, str]) -> str:
    """The address of database `name` for `role`, on the server that holds it."""
    server = next(host for host, names in SERVERS.items() if name in names)
    return databases(server, passwords).url(name, role)
