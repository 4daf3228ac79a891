"""What was read under one emergency access, told to whoever opened it and to security officers.

Each look is told of, as the officer must see how it was used; which record it was, only to who reads it
anyway.
"""

from dataclasses import dataclass
from functools import reduce

import asyncpg
import orjson

from services.gateway.emergency.acting import visible
from services.gateway.emergency.schemas import LookShown, LooksShown
from services.gateway.partner_api.reading import views_of
from services.gateway.reads import paging
from services.gateway.reads.channels import Channel
from services.gateway.reads.looking import Place
from services.gateway.wiring import Gateway
from shared.contracts.reads import Way
from shared.database import Pool, asking
from shared.labels import Label, from_json, join, reads
from shared.policy import WireLabel
from shared.principal import Principal

_PAGE = """select position, number, read_at, record_id, owner_id, way, portions from read_log
    where emergency_id = $1 and (position, number) < ($2, $3)
    order by position desc, number desc limit $4"""


@dataclass(frozen=True, slots=True)
class Look:
    """`portions`: by group, the effective label it was shown under."""

    place: Place
    row: asyncpg.Record
    portions: dict[str, Label]


async def looks_page(
    gateway: Gateway, principal: Principal, spelled: str, size: int, cursor: str | None
) -> LooksShown:
    """The latest first. Raises NotFoundError for everybody else."""
    found, reader = await visible(gateway, principal, spelled), principal.without_emergency
    of = found.record_id
    before = paging.before(gateway, principal, of, cursor)
    looks = await _looks(gateway.pool, of, before, size + 1)
    following = paging.following(gateway, principal, of, [one.place for one in looks], size)
    items = await _shown(gateway, reader, looks[:size])
    return LooksShown(items=items, next_cursor=following)


async def _looks(pool: Pool, emergency_id: str, before: Place, limit: int) -> list[Look]:
    async with asking(pool) as connection:
        rows = await connection.fetch(_PAGE, emergency_id, before.position, before.number, limit)
    return [
        Look(
            Place(row["position"], row["number"]),
            row,
            {group: from_json(told) for group, told in orjson.loads(row["portions"]).items()},
        )
        for row in rows
    ]


async def _shown(gateway: Gateway, reader: Principal, looks: list[Look]) -> list[LookShown]:
    unseen = gateway.upstream.by(Channel.UNSEEN)
    views = await views_of(unseen, reader, [one.row["record_id"] for one in looks])
    return [_told(gateway, reader, one, one.row["record_id"] in views) for one in looks]


def _told(gateway: Gateway, reader: Principal, look: Look, readable: bool) -> LookShown:
    own = {g: label for g, label in look.portions.items() if reads(reader.clearance, label)}
    told = LookShown(at=look.row["read_at"], way=Way(look.row["way"]))
    if not (readable and own):
        return told
    record, owner = look.row["record_id"], look.row["owner_id"]
    marked = WireLabel.model_validate(gateway.policy.wire(reduce(join, own.values()), owner))
    return told.model_copy(
        update={"record": record, "owner": owner, "groups": tuple(own), "label": marked}
    )
