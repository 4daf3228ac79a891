"""Which column holds what: by HXL tag first, else by its header in English, French or Spanish."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from shared.importing.plan import UnreadableFileError, Wishes
from shared.importing.tables import Column, Row, Table

# Field -> headers, without accents, case, blanks and punctuation; the earlier one wins.
Headers = Mapping[str, tuple[str, ...]]
# Field -> HXL tags with the attributes that they must have, the earlier one wins.
Tags = Mapping[str, tuple[tuple[str, frozenset[str]], ...]]

LANGUAGE_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Mapped:
    """A table whose columns are understood: field -> number of its column."""

    table: Table
    fields: Mapping[str, int]
    id_column: int | None

    def get(self, row: Row, field: str) -> str:
        """The cell of a field, without blanks around it; "" when there is none."""
        return row.cells[self.fields[field]].strip() if field in self.fields else ""

    def key(self, row: Row) -> str:
        """The row's identity: its id cell as it stands, else a digest of all its cells."""
        if self.id_column is not None:
            return row.cells[self.id_column]
        return hashlib.sha256(orjson.dumps(row.cells)).hexdigest()[:32]

    def language(self, field: str) -> str | None:
        """The language an HXL tag states for a column (`+es`)."""
        stated = self.table.columns[self.fields[field]].attributes if field in self.fields else ()
        return next((each for each in sorted(stated) if len(each) == LANGUAGE_LETTERS), None)

    def lines(self) -> tuple[str, ...]:
        """How the columns were understood, for a person to check."""
        columns = self.table.columns
        understood = [f"{field:<12} from {columns[n]}" for field, n in self.fields.items()]
        used = {*self.fields.values(), self.id_column}
        left = [str(column) for n, column in enumerate(columns) if n not in used]
        identity = "a digest of the whole row (--id-column chooses a column)"
        if self.id_column is not None:
            identity = str(columns[self.id_column])
        unused = [f"{'not used':<12}: {', '.join(filter(None, left))}"] if any(left) else []
        return (f"{'identity':<12} from {identity}", *understood, *unused)


def map_columns(table: Table, headers: Headers, tags: Tags, wishes: Wishes) -> Mapped:
    """Raises UnreadableFileError when a wished column is not there."""
    fields: dict[str, int] = {}
    for field in headers:
        wished = wishes.columns.get(field)
        found = (
            _named(table, wished) if wished else _detected(table, headers[field], tags.get(field))
        )
        if found is not None and found not in fields.values():
            fields[field] = found
    return Mapped(table, fields, _named(table, wishes.id_column) if wishes.id_column else None)


def plain(words: str) -> str:
    """Letters and digits only, lower case, without accents: how headers and words are compared."""
    taken_apart = unicodedata.normalize("NFKD", words).casefold()
    return "".join(letter for letter in taken_apart if letter.isalnum())


def split_names(cell: str) -> list[str]:
    """Several names in one cell, parted by "|" or ";"."""
    return [name.strip() for name in cell.replace(";", "|").split("|") if name.strip()]


def _named(table: Table, name: str) -> int:
    for number, column in enumerate(table.columns):
        spelled = "+".join([column.tag, *sorted(column.attributes)])
        if name in (column.header, spelled) or (column.tag and name == column.tag):
            return number
    there = ", ".join(str(column) for column in table.columns if str(column))
    raise UnreadableFileError(f"There is no column {name!r}. The file has: {there}.")


def _detected(
    table: Table, headers: tuple[str, ...], tags: tuple[tuple[str, frozenset[str]], ...] | None
) -> int | None:
    for tag, needed in tags or ():
        for number, column in enumerate(table.columns):
            if _fits(column, tag, needed):
                return number
    if any(column.tag for column in table.columns):
        return None  # in a tagged file the tags decide
    spelled = [plain(column.header) for column in table.columns]
    return next((spelled.index(header) for header in headers if header in spelled), None)


def _fits(column: Column, tag: str, needed: frozenset[str]) -> bool:
    """A tag without needed attributes is for names: codes, acronyms and types are something else."""
    if column.tag != tag or not needed <= column.attributes:
        return False
    other = {"code", "id", "acronym", "short", "alt", "type", "lat", "lon"} - needed
    return not (other & column.attributes)
