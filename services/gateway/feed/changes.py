"""One look at what changed for a caller since his cursor. The feed, its pull twin and the pages share it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from services.gateway.wiring import Gateway
from shared.contracts.event import Group
from shared.labels import Clearance
from shared.principal import Principal
from shared.sealed_tokens import Purpose

REPORTING = "reporting"
REVOKED = "revoked"
CHANGED = "changed"
LIMIT = 200
Json = Mapping[str, Any]  # Any: JSON of reporting


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a reader stands: positions per source, and what he was allowed to read there."""

    vector: Json
    rights: str


@dataclass(frozen=True, slots=True)
class Pulled:
    """`changes` with the cursor after each. `reset`: what was read before may be incomplete; read again.

    `more`: look again at once; only an empty look says that there is nothing more for now.
    """

    changes: tuple[tuple[Json, Cursor], ...]
    cursor: Cursor
    reset: bool
    more: bool


async def pull(
    gateway: Gateway,
    principal: Principal,
    since: Cursor | None,
    limit: int = LIMIT,
    *,
    shared: bool = False,
) -> Pulled:
    """Changes after `since`, oldest first, at most `limit`; with None, none: just the cursor of now.

    Of what emergency access opens nothing is told: that would be a read nobody notes.

    `shared`: one look for all who read alike; without waiting for the caller's own last writes.
    """
    principal = principal.without_emergency
    rights = rights_of(principal)
    kept = since if since is not None and since.rights == rights else None
    params = {"limit": str(limit)}
    if kept is not None:
        params["vector"] = orjson.dumps(kept.vector).decode()
    told = await _told(gateway, principal, params, rights if shared else None)
    end = Cursor(told["vector"], rights)
    reset = bool(told.get("reset")) or (since is not None and kept is None)
    changes = () if reset or kept is None else tuple(_each(told["changes"], kept, end))
    return Pulled(changes, end, reset, more=bool(changes))


async def _told(
    gateway: Gateway, principal: Principal, params: Mapping[str, str], rights: str | None
) -> Json:
    if rights is None:
        return await gateway.upstream.get(REPORTING, "/changes", params, principal)
    key = (rights, gateway.wake.count, *sorted(params.items()))
    return await gateway.pulls.get(
        key, lambda: gateway.upstream.peek(REPORTING, "/changes", params, principal)
    )


def what_of(change: Json) -> str:
    """`revoked` when the reader lost the record; losing one group of it only changes what he sees."""
    return REVOKED if change["what"] == REVOKED and change["group"] == Group.BASE else CHANGED


def rights_of(principal: Principal) -> str:
    """A digest of what decides reading. A cursor made under other rights may have skipped things."""
    parts = _rights(principal.clearance)
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def _rights(clearance: Clearance) -> list[Any]:  # Any: JSON
    own = [dict(clearance.levels), sorted(clearance.atoms), sorted(clearance.caveats)]
    return [*own, _rights(clearance.also)] if clearance.also else own


def sealed(gateway: Gateway, principal: Principal, cursor: Cursor) -> str:
    content = [cursor.vector, cursor.rights]
    return gateway.book.seal(Purpose.FEED, principal.client, content)


def opened(gateway: Gateway, principal: Principal, token: str) -> Cursor:
    """Raises MalformedError unless we sealed it for this caller."""
    vector, rights = gateway.book.open(Purpose.FEED, principal.client, token)
    return Cursor(vector, rights)


def _each(changes: list[Json], start: Cursor, end: Cursor) -> Iterator[tuple[Json, Cursor]]:
    """Each change with a cursor that misses nothing: past its own position only once all of it is told."""
    vector = dict(start.vector)
    for number, change in enumerate(changes):
        following = changes[number + 1] if number + 1 < len(changes) else None
        if following is None:
            yield change, end
            return
        if _place(following) != _place(change):
            vector[change["source"]] = [change["epoch"], change["position"]]
        yield change, Cursor(dict(vector), start.rights)


def _place(change: Json) -> tuple[str, int, int]:
    return change["source"], change["epoch"], change["position"]
