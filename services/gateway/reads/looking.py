"""Who has seen a record, as its owner may know: portions he does not read are not mentioned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

import asyncpg
import orjson

from shared.database import Pool, asking
from shared.errors import ForbiddenError
from shared.labels import Clearance, Label, from_json, join, reads
from shared.principal import Principal

AT_ONCE = 200
# Names of people are told within their own organisation; others are told the account.
_COLUMNS = """l.position, l.number, l.read_at, l.record_id, l.account_id, l.organisation_id, l.client, l.way,
    l.portions, l.emergency_id, a.display_name, e.reason, v.audience
    from read_log l left join access_accounts a
        on a.account_id = l.account_id and l.organisation_id = l.owner_id
    left join emergency_access e on e.record_id = l.emergency_id
    left join viewings v on v.record_id = l.viewing_id"""
_LATEST_FIRST = "order by l.position desc, l.number desc limit $4"
_OF_RECORD = f"""select {_COLUMNS} where l.owner_id = $1 and (l.position, l.number) < ($2, $3)
    and l.record_id = $5 {_LATEST_FIRST}"""
_IN_EMERGENCY = f"""select {_COLUMNS} where l.owner_id = $1 and (l.position, l.number) < ($2, $3)
    and l.emergency_id is not null {_LATEST_FIRST}"""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Of a read in the log. The next page is what lies before."""

    position: int
    number: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One read, as far as whoever asks may know of it. `name`: None for people of others; `viewed_as`: an
    audience, where the reader looked as one of it."""

    place: Place
    record_id: str
    at: datetime
    account_id: str
    name: str | None
    organisation_id: str
    client: str
    way: str
    groups: tuple[str, ...]
    label: Label
    emergency_id: str | None
    reason: str | None
    viewed_as: str | None


LATEST = Place(2**62, 0)


def check_owner(principal: Principal, view: Mapping[str, Any]) -> None:  # Any: JSON of a view
    """Raises ForbiddenError for everybody else who reads the record."""
    if view["owner"] != str(principal.organisation):
        raise ForbiddenError("Only the organisation that owns a record is told who has seen it.")


async def seen_by(
    pool: Pool, principal: Principal, record_id: str, before: Place, limit: int
) -> list[Seen]:
    """The latest first. The caller has read the record and found it to be his organisation's."""
    return await _readable(pool, principal, before, limit, _OF_RECORD, record_id)


async def in_emergency(pool: Pool, principal: Principal, before: Place, limit: int) -> list[Seen]:
    """Of all records of the caller's organisation: reads that emergency access alone made possible."""
    return await _readable(pool, principal, before, limit, _IN_EMERGENCY)


async def _readable(
    pool: Pool, principal: Principal, before: Place, limit: int, query: str, *values: str
) -> list[Seen]:
    found: list[Seen] = []
    owner = str(principal.organisation)
    while len(found) < limit:
        async with asking(pool) as connection:
            rows = await connection.fetch(
                query, owner, before.position, before.number, AT_ONCE, *values
            )
        readable = (_seen(row, principal.clearance) for row in rows)
        found += [one for one in readable if one is not None]
        if len(rows) < AT_ONCE:
            break
        before = Place(rows[-1]["position"], rows[-1]["number"])
    return found[:limit]


def _seen(row: asyncpg.Record, reader: Clearance) -> Seen | None:
    portions = {group: from_json(told) for group, told in orjson.loads(row["portions"]).items()}
    readable = {group: label for group, label in portions.items() if reads(reader, label)}
    if not readable:
        return None
    return Seen(
        place=Place(row["position"], row["number"]),
        record_id=row["record_id"],
        at=row["read_at"],
        account_id=row["account_id"],
        name=row["display_name"],
        organisation_id=row["organisation_id"],
        client=row["client"],
        way=row["way"],
        groups=tuple(readable),
        label=reduce(join, readable.values()),
        emergency_id=row["emergency_id"],
        reason=row["reason"],
        viewed_as=row["audience"],
    )
