"""Asking the names table: the arguments of its functions, and the nearest records."""

from typing import TYPE_CHECKING

from services.reporting.queries.predicate import Query
from services.reporting.reading import Snapshot
from services.reporting.records.spelling import is_arabic, spelling

if TYPE_CHECKING:
    import asyncpg

# How near a name must be: for one of many rows on a page, and for a proposal.
LEAST_LISTED, LEAST_SUGGESTED = 0.7, 0.7


def naming(query: Query, text: str, least: float) -> str:
    """What `naming` and `matching` are told of a name as somebody wrote it."""
    found = spelling(text)
    told = (found.folded, found.heard, found.bones)
    arabic, lowest = query.bind(is_arabic(text)), query.bind(least)
    return ", ".join(
        [*(f"{query.bind(one)}::text" for one in told), f"{arabic}::boolean", f"{lowest}::real"]
    )


def nearest(query: Query, text: str) -> str:
    """A join that gives `r` how near the nearest of its names is: `near.score`, null when none is."""
    return (
        "left join (select n.record_id, max(n.score) as score"  # noqa: S608 - all values are bound
        f" from naming({naming(query, text, LEAST_LISTED)}) n group by n.record_id) near"
        " on near.record_id = r.record_id"
    )


async def suggested(
    snapshot: Snapshot, text: str, kinds: tuple[str, ...], limit: int
) -> "list[asyncpg.Record]":
    """The records that go by a name nearest to `text`, best first, each with that name. One query.

    What was merged leads to what it was merged into, when both are readable.
    """
    query = Query(snapshot)
    asked = naming(query, text, LEAST_SUGGESTED)
    of_kind = f"r.kind = any({query.bind(list(kinds))}::text[])" if kinds else "true"
    return await snapshot.connection.fetch(
        f"with recursive hit as (select * from naming({asked})),"  # noqa: S608 - all values are bound
        " led as (select h.*, h.record_id as from_id from hit h"
        " union select e.to_id, l.grp, l.label_id, l.name, l.score, l.from_id from led l join edges e"
        f" on e.from_id = l.record_id and e.kind = 'merged_into' and {query.label('e.label_id')}"
        f" join records t on t.record_id = e.to_id and {query.record('t')}),"
        " best as (select distinct on (r.record_id) r.record_id, r.kind, r.type, r.title, r.status,"
        " led.name, led.label_id, f.owner,"
        " led.score * case r.status when 'retired' then 0.9 else 1 end as score"
        " from led join records r on r.record_id = led.record_id"
        " join records f on f.record_id = led.from_id"
        f" where {query.record('r')} and {query.record('f')} and {of_kind}"
        f" and (led.grp = 'base' or exists (select from portions p where p.record_id = f.record_id"
        f" and p.grp = led.grp and {query.portion('p', 'f')}))"
        " and not exists (select from led onward where onward.from_id = r.record_id"
        " and onward.record_id <> r.record_id)"
        " order by r.record_id, led.score desc, led.name)"
        f" select * from best order by score desc, title, record_id limit {query.bind(limit)}",
        *query.values,
    )
