"""Views people keep. A view is listed only to its audience: its owner, or the owner's organisation."""

from dataclasses import dataclass

from services.gateway.access.accounts import Pool
from services.gateway.web.ports import SavedView
from shared.clock import utc_now
from shared.database import asking
from shared.errors import NotFoundError, RejectedError
from shared.ids import new_bytes
from shared.principal import Principal

ID_BYTES = 8
MOST = 200

_READABLE = "(v.account_id = $1 or (v.audience = 'organisation' and v.organisation_id = $2))"
_LIST = f"""select v.view_id, v.name, v.address, v.audience, v.account_id = $1 as mine,
        h.view_id is not null as is_home
    from saved_views v left join home_views h on h.view_id = v.view_id and h.account_id = $1
    where {_READABLE} order by lower(v.name), v.view_id limit {MOST}"""  # noqa: S608 - constants only
_COUNT = "select count(*) from saved_views where account_id = $1"
_SAVE = """insert into saved_views
    (view_id, account_id, organisation_id, name, address, audience, saved_at)
    values ($1, $2, $3, $4, $5, $6, $7)"""
_RENAME = "update saved_views set name = $3 where view_id = $2 and account_id = $1"
_DELETE = "delete from saved_views where view_id = $2 and account_id = $1"
_NOT_HOME = "delete from home_views where account_id = $1"
_HOME = f"""insert into home_views (account_id, view_id)
    select $1, v.view_id from saved_views v where v.view_id = $3 and {_READABLE}
    on conflict (account_id) do update set view_id = excluded.view_id"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class SavedViews:
    """In the gateway's own tables. Raises BusyError when the database is away."""

    pool: Pool

    async def listed(self, principal: Principal) -> list[SavedView]:
        async with asking(self.pool) as connection:
            rows = await connection.fetch(_LIST, *_who(principal))
        return [SavedView(**dict(row)) for row in rows]

    async def save(self, principal: Principal, name: str, address: str, audience: str) -> None:
        """Raises RejectedError when somebody has MOST already."""
        account, organisation = _who(principal)
        async with asking(self.pool) as connection:
            if await connection.fetchval(_COUNT, account) >= MOST:
                raise RejectedError("There are too many saved views; delete one first.")
            await connection.execute(
                _SAVE, new_bytes(ID_BYTES).hex(), account, organisation, name, address, audience,
                utc_now(),
            )  # fmt: skip

    async def rename(self, principal: Principal, view_id: str, name: str) -> None:
        """Raises NotFoundError unless it is the caller's own."""
        async with asking(self.pool) as connection:
            _changed(await connection.execute(_RENAME, principal.subject, view_id, name))

    async def delete(self, principal: Principal, view_id: str) -> None:
        """Raises NotFoundError unless it is the caller's own."""
        async with asking(self.pool) as connection:
            _changed(await connection.execute(_DELETE, principal.subject, view_id))

    async def begin_with(self, principal: Principal, view_id: str | None) -> None:
        """None: with Today. Raises NotFoundError for a view that is not listed to the caller."""
        async with asking(self.pool) as connection:
            if view_id is None:
                await connection.execute(_NOT_HOME, principal.subject)
            else:
                _changed(await connection.execute(_HOME, *_who(principal), view_id))


def _who(principal: Principal) -> tuple[str, str]:
    return principal.subject, str(principal.organisation)


def _changed(status: str) -> None:
    if status.endswith(" 0"):
        raise NotFoundError
