"""Steps into the read tables: while the database takes some rows in, the next are made."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from services.reporting.records.names import name_rows
from services.reporting.records.past import past_rows
from services.reporting.records.rows import LabelIds, Row, edge_rows, portion_rows, record_row
from services.reporting.removals import forget_removed
from services.reporting.steps import Step, change_rows, since_removal, version_rows
from services.reporting.tables import insert
from shared.feeding import feed

if TYPE_CHECKING:
    from shared.interning import Connection

# Few enough that their rows fit into what a connection takes at once.
RECORDS_TOGETHER = 125
_DELETE = """
with gone_portions as (delete from portions where record_id = any($1::text[])),
     gone_edges as (delete from edges where from_id = any($1::text[])),
     gone_names as (delete from names where record_id = any($1::text[]))
delete from records where record_id = any($1::text[])
"""


async def remove_rows(connection: "Connection", ids: Sequence[str]) -> None:
    """Make room for what these records are now. History and feed stay."""
    if ids:
        await connection.execute(_DELETE, ids)


async def write_steps(
    connection: "Connection", steps: Sequence[Step], ids: LabelIds, *, live: bool
) -> None:
    """Every row that `steps` lead to. `live`: into the feed as well."""
    await forget_removed(connection, steps)
    await feed(
        connection,
        (
            insert(table, told)
            for some in _some_records(steps)
            for table, rows in _rows(some, ids, live=live)
            if (told := list(rows))
        ),
    )


def _some_records(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """The steps of so many records at a time: all of a record's together, in order."""
    stories: dict[str, list[Step]] = {}
    for step in steps:
        stories.setdefault(step.after.id, []).append(step)
    told = list(stories.values())
    for at in range(0, len(told), RECORDS_TOGETHER):
        yield [step for story in told[at : at + RECORDS_TOGETHER] for step in story]


def _rows(
    steps: Sequence[Step], ids: LabelIds, *, live: bool
) -> Iterator[tuple[str, Iterable[Row]]]:
    """Table by table, each when it is asked for."""
    documents = list({step.after.id: step.after for step in steps}.values())
    yield "records", (record_row(one, ids) for one in documents)
    yield "portions", (row for one in documents for row in portion_rows(one, ids))
    yield "edges", (row for one in documents for row in edge_rows(one, ids))
    yield "names", (row for one in documents for row in name_rows(one, ids))
    yield "versions", version_rows(since_removal(steps, itself=True), ids)
    yield from past_rows(since_removal(steps, itself=False), ids).items()
    if live:
        yield "changes", change_rows(steps, ids)
