"""Access records as lists have them: found by what they are and hold, and told with what limits them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.gateway.access.desk import AccessDesk
from services.gateway.access_api.families import Family
from services.gateway.access_api.looking import Json, shown
from shared.database import asking
from shared.ids import Kind, RecordId

# Everything a row holds, but which credential is the password.
_BARE = "to_jsonb(t) - 'password_id'"
# What a row is told with: the organisation or the person it stands or falls with.
_TOLD: Mapping[Kind, str] = {
    Kind.PARTNER: """to_jsonb(t) || jsonb_build_object('people',
        (select count(*) from access_accounts a where a.organisation_id = t.organisation_id))""",
    Kind.ACCOUNT: """to_jsonb(t) - 'password_id' || jsonb_build_object(
        'has_password', t.password_id is not null, 'partner_id', p.record_id,
        'partner_name', p.name, 'partner_level', p.level, 'partner_suspended', p.suspended)""",
    Kind.CLIENT: """to_jsonb(t) || jsonb_build_object('person_id', a.record_id,
        'person_name', a.display_name, 'person_level', a.level, 'person_suspended', a.suspended,
        'partner_name', p.name, 'partner_level', p.level, 'partner_suspended', p.suspended)""",
}
_WITH: Mapping[Kind, str] = {
    Kind.PARTNER: "",
    Kind.ACCOUNT: "left join access_partners p on p.organisation_id = t.organisation_id",
    Kind.CLIENT: """left join access_accounts a on a.account_id = t.account_id
        left join access_partners p on p.organisation_id = a.organisation_id""",
}
_NAMED: Mapping[Kind, str] = {
    Kind.PARTNER: "t.name",
    Kind.ACCOUNT: "t.display_name",
    Kind.CLIENT: "t.name",
}
# Whose organisation and grants count: a client acts for its person.
_PERSON: Mapping[Kind, str] = {Kind.ACCOUNT: "t", Kind.CLIENT: "a"}
_HOLDS_LIVE = """exists (select from jsonb_array_elements({person}.grants) g
    where (g->>'kind') || ':' || (g->>'name') = {{0}}
    and coalesce((g->>'expires_at')::timestamptz > now(), true))"""
_ENDS_BY = """exists (select from jsonb_array_elements({person}.grants) g
    where (g->>'expires_at')::timestamptz between now() and {{0}})"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed by; empty or None: not. `holds`: grants that stand, as `role:witness`."""

    words: str = ""
    level: str = ""
    suspended: bool | None = None
    organisation: str = ""
    account: str = ""
    holds: tuple[str, ...] = ()
    ends_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list ends."""

    name: str
    record_id: str


async def found(
    desk: AccessDesk,
    family: Family,
    wanted: Wanted,
    after: Place | None,
    limit: int,
    *,
    limits: bool = True,
) -> tuple[int, list[tuple[Place, Json]]]:
    """How many there are, and those after `after`, ordered by name; with what limits them, or not."""
    named = f"lower({_NAMED[family.kind]})"
    conditions = list(_conditions(family, wanted))
    values: list[Any] = [value for _, value in conditions]  # Any: bound values
    where = _where(conditions)
    beyond, place = "", [after.name, after.record_id] if after else []
    if place:
        beyond = f" and ({named}, t.record_id) > (${len(values) + 1}, ${len(values) + 2})"
    source = f"from {family.table} t {_WITH[family.kind]} where {where}"
    told = _TOLD[family.kind] if limits else _BARE
    rows = f"""select {named} as named, t.record_id, {told} as told {source}{beyond}
        order by 1, 2 limit {int(limit)}"""
    async with asking(desk.pool) as connection:
        count: int = await connection.fetchval(f"select count(*) {source}", *values)
        listed = await connection.fetch(rows, *values, *place)
    return count, [(Place(row["named"], row["record_id"]), shown(row["told"])) for row in listed]


async def one(desk: AccessDesk, family: Family, record_id: RecordId) -> Json | None:
    query = f"""select {_TOLD[family.kind]} from {family.table} t {_WITH[family.kind]}
        where t.record_id = $1"""  # noqa: S608 - constants
    async with asking(desk.pool) as connection:
        told = await connection.fetchval(query, str(record_id))
    return shown(told) if told else None


async def partner_names(desk: AccessDesk) -> Json:
    """What every partner is called, by the id of its organisation's record."""
    query = "select coalesce(jsonb_object_agg(organisation_id, name), '{}') from access_partners"
    async with asking(desk.pool) as connection:
        told: Json = orjson.loads(await connection.fetchval(query))
    return told


async def authors(desk: AccessDesk, history: list[Json]) -> Json:
    """Names of the people behind a history, by their account's id."""
    query = """select coalesce(jsonb_object_agg(account_id, display_name), '{}') from access_accounts
        where account_id = any($1::text[])"""
    async with asking(desk.pool) as connection:
        told = await connection.fetchval(query, [str(each["by"]) for each in history])
    found_names: Json = orjson.loads(told)
    return found_names


def _conditions(family: Family, wanted: Wanted) -> Iterator[tuple[str, Any]]:  # Any: bound values
    """Each with a place for the number of its value."""
    columns = ", ' ', ".join(f"t.{name}" for name in family.named)
    yield f"strpos(lower(concat({columns})), lower({{0}}::text)) > 0", wanted.words
    if wanted.level:
        yield "t.level = {0}", wanted.level
    if wanted.suspended is not None:
        yield "t.suspended = {0}", wanted.suspended
    if wanted.account and family.kind is Kind.CLIENT:
        yield "t.account_id = {0}", wanted.account
    if person := _PERSON.get(family.kind):
        yield from _conditions_of(person, wanted)


def _conditions_of(person: str, wanted: Wanted) -> Iterator[tuple[str, Any]]:  # Any: as above
    if wanted.organisation:
        yield f"{person}.organisation_id = {{0}}", wanted.organisation
    for grant in wanted.holds:
        yield _HOLDS_LIVE.format(person=person), grant
    if wanted.ends_by:
        yield _ENDS_BY.format(person=person), wanted.ends_by


def _where(conditions: list[tuple[str, Any]]) -> str:  # Any: bound values
    numbered = (each.format(f"${number}") for number, (each, _) in enumerate(conditions, start=1))
    return " and ".join(numbered)
