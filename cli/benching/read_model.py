"""A read model of any size, made by the database itself: what the query benches ask of.

Half of its records are engagements, each with a portion and a person who takes part; the others are people,
commitments and organisations. Every fifth has changed since, so that it has a past. They were recorded evenly
over DAYS, under LABELS labels; our reader reads every tenth label. Generation 2 holds what he reads, and
nothing else.
"""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

from services.reporting.records.spelling import spelling
from shared.database import Pool
from shared.ids import Kind, RecordId
from shared.interning import LabelBook
from shared.labels import label
from shared.principal import Principal

LABELS, READS = 2_000, 200
DAYS = 730
TABLES = ("records", "portions", "names", "edges", "records_past")
WORDS, NAMES = 3_000, 40_000
SYLLABLES = tuple(first + second for first in "bdfghjklmnrst" for second in "aeiou")
MAKE_SECONDS = 1_800.0
# Questions of each sort.
ASKED = 20

# Of record number n. Skewed as words are: a few are everywhere, most are rare.
_ID = "kind || '_' || left(md5(n::text), 26)"
_KIND = "(array['engagement', 'engagement', 'engagement', 'engagement', 'engagement', 'person', 'person',"
_KIND += " 'organisation', 'commitment', 'commitment'])[1 + n % 10]"
_LABEL = "1 + (hashint4(n) & 2147483647) % $2::integer"
_AT = "now() - make_interval(secs => $3::integer * 86400.0 * (1 - n / $1::float8))"
# As `word_number` spells them. Reading an element of a long array would take longer than anything else here.
_SAID = f"""(select array_to_tsvector(array_agg(distinct
    chr(97 + w / 676) || chr(97 + w / 26 % 26) || chr(97 + w % 26) || 'aku'))
   from (select floor({WORDS} * power(random(), 3))::integer as w from generate_series(1, {{said}})
          where n is not null) said)"""  # noqa: S608 - constants only
_MADE = f"""
with made as materialized (
    select n, {_KIND} as kind, {_LABEL} as label_id, {_AT} as told from generate_series(1, $1::integer) n
)
"""  # noqa: S608 - constants only
_RECORDS = f"""{_MADE}
insert into g1.records
select {_ID}, kind, case when n % 10 in (5, 6, 7) then 'contacts' else 'engagements' end,
       'organisation_bench', 'Record ' || n, 'record ' || n,
       case when n % 3 = 0 then 'planned' else 'held' end, 'routine_liaison', label_id,
       null, 'SO' || lpad((n % 90)::text, 2, '0') || lpad((n % 7)::text, 2, '0'), false, n % 90, n % 180,
       'settlement',
       case when n % 10 < 5 then told + make_interval(days => n % 14) end,
       case when n % 10 < 5 then told + make_interval(days => n % 14, hours => 1) end,
       told, case when n % 5 = 0 then told + (now() - told) * 0.9 else told end, 1, 1, true,
       jsonb_build_object('purpose', jsonb_build_object('text', repeat('x', 200), 'lang', 'en')),
       {_SAID.format(said=12)}
  from made
"""  # noqa: S608 - constants only
_PORTIONS = f"""{_MADE}
insert into g1.portions
select {_ID}, 'own_side', label_id, label_id, jsonb_build_object('note', repeat('x', 100)), null, null,
       told, 1,
       {_SAID.format(said=15)}
  from made where n % 10 < 5
"""  # noqa: S608 - constants only
_NAMED = f"""{_MADE}
insert into g1.names
select {_ID}, 'base', label_id, v.name, v.name, v.heard, v.bones, 1
  from made join unnest($4::text[], $5::text[], $6::text[]) with ordinality v(name, heard, bones, number)
         on v.number = 1 + n % cardinality($4::text[])
 where n % 10 in (5, 6, 7)
"""  # noqa: S608 - constants only
_EDGES = f"""{_MADE}
insert into g1.edges
select {_ID}, 'person_' || left(md5((n / 10 * 10 + 5)::text), 26), 'participant', 'base', label_id, told
  from made where n % 10 < 5 and n / 10 * 10 + 5 <= $1::integer
"""  # noqa: S608 - constants only
_PAST = """
insert into g1.records_past
select r.record_id, r.kind, r.source, r.owner, r.title, r.title_key, 'planned', r.type, r.label_id,
       r.place_id, r.area, r.unplaced, r.lat, r.lon, r.precision, r.starts_at, r.ends_at, r.recorded_at,
       r.recorded_at, 1, 1, r.exercise, r.doc, r.search, r.updated_at
  from g1.records r where r.updated_at > r.recorded_at
"""
_INDEXES = """
select schemaname || '.' || indexname as name, indexdef from pg_indexes
 where schemaname = $1 and not exists (
    select from pg_constraint c where c.conname = indexname and c.connamespace = schemaname::regnamespace)
"""
_COPY = "insert into g2.{0} select * from g1.{0} where get_bit($1::bytea, label_id)::bool"
_WALL = re.compile(r"get_bit\(reader\.bits, \w+\.label_id\)::bool")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and what for: words in texts, none of them everywhere, and names of people."""

    principal: Principal
    words: Sequence[str]
    names: Sequence[str]


async def make_read_model(projector: Pool, owner: Pool, size: int, seed: int) -> Asker:
    """`size` records in generation 1, those of one reader in generation 2. Minutes, for a million."""
    chance = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    names = [_name(chance) for _ in range(NAMES)]
    principal, bits = await _reader(projector)
    await projector.execute("select create_generation(2)", timeout=MAKE_SECONDS)
    async with _bare_tables(owner, "g1"):
        await _fill(projector, size, names)
    async with _bare_tables(owner, "g2"):
        for table in TABLES:
            await projector.execute(_COPY.format(table), bits, timeout=MAKE_SECONDS)
    await _without_walls(owner)
    await owner.execute("vacuum analyze", timeout=MAKE_SECONDS)
    words = [word_number(chance.randrange(WORDS // 10, WORDS // 5)) for _ in range(ASKED)]
    return Asker(principal, words, chance.sample(names, ASKED))


def word_number(number: int) -> str:
    letters = (number // 676, number // 26 % 26, number % 26)
    return "".join(chr(97 + one) for one in letters) + "aku"


def _name(chance: Random) -> str:
    """Two words, all in lower case and without accents: what it is folded to."""
    first, second = (chance.choices(SYLLABLES, k=chance.choice((2, 3))) for _ in range(2))
    return f"{''.join(first)} {''.join(second)}"


async def _reader(projector: Pool) -> tuple[Principal, bytes]:
    """One who reads every tenth label, and his bits."""
    book = LabelBook()
    labels = [label({"un": 0}, [[f"community:c{number}"]]) for number in range(LABELS)]
    async with projector.acquire() as connection:
        await book.intern(connection, labels)
    communities = frozenset(f"c{number}" for number in range(READS))
    us = RecordId.new(Kind.ORGANISATION)
    principal = Principal("bench", us, "bench", communities=communities, levels={"un": 0})
    return principal, book.bits(principal.clearance)


@asynccontextmanager
async def _bare_tables(owner: Pool, generation: str) -> AsyncIterator[None]:
    """Its indexes are made at the end; what triggers would add to its rows is there already."""
    for table in ("records", "portions", "records_past"):
        await owner.execute(f"alter table {generation}.{table} disable trigger add_stems")
    indexes = await owner.fetch(_INDEXES, generation)
    for row in indexes:
        await owner.execute(f"drop index {row['name']}")
    yield
    for row in indexes:
        await owner.execute(row["indexdef"], timeout=MAKE_SECONDS)


async def _fill(projector: Pool, size: int, names: list[str]) -> None:
    of_all = (size, LABELS, DAYS)
    spelled = [spelling(name) for name in names]
    named = (names, [one.heard for one in spelled], [one.bones for one in spelled])
    async with projector.acquire() as connection:
        await connection.execute("select setseed(0.5)")
        for statement, values in (
            (_RECORDS, of_all),
            (_PORTIONS, of_all),
            (_NAMED, (*of_all, *named)),
            (_EDGES, of_all),
            (_PAST, ()),
        ):
            await connection.execute(statement, *values, timeout=MAKE_SECONDS)


async def _without_walls(owner: Pool) -> None:
    """The functions of generation 2 that search ask for no rights."""
    for name in ("naming", "matching"):
        made = await owner.fetchval("select pg_get_functiondef($1::regproc)", f"g2.{name}")
        await owner.execute(_WALL.sub("true", made))
