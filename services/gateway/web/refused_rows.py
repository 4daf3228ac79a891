"""Rows an import refused, all of them, as a table to mend the file by. What the rows hold is not in it."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

from services.gateway.jobs.formats import BYTE_ORDER_MARK, harmless
from services.gateway.web.ports import View
from services.gateway.web.ports_jobs import JobOffice
from shared.principal import Principal

HEAD = ("row", "line", "field", "code", "reason")


async def refused_lines(
    office: JobOffice, principal: Principal, job_id: str, marking: str
) -> AsyncIterator[bytes]:
    """CSV, one line a reason, in the order of the file; the first says how it is marked."""
    yield _csv([(BYTE_ORDER_MARK + marking,), HEAD])
    cursor: str | None = ""
    while cursor is not None:
        page = await office.rejected(principal, job_id, cursor or None)
        yield _csv(line for row in page["items"] for line in _lines(row))
        cursor = page["next_cursor"]


def _lines(row: View) -> Iterator[Sequence[str]]:
    for wrong in row["errors"] or [{"pointer": "", "code": row["code"], "detail": row["detail"]}]:
        told = (wrong["pointer"], wrong["code"], wrong["detail"])
        yield (str(row["row"]), str(row["line"]), *map(harmless, told))


def _csv(lines: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(lines)
    return written.getvalue().encode()
