"""The label rule as SQL: the one place that knows how a row is kept from who may not read it.

`$1` of every query is the reader's bit string, said to be a bytea: a `bit` counts from the other end.
An override, being ahead of the documents, can only take a row away. (`= any(array)` and `= 1` are
many times slower than this form.)
"""

from services.reporting.reading import Snapshot
from shared.contracts.event import Group


class Query:
    """A statement being put together: `bind` gives each value its place; `$1` is always the bits."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.values: list[object] = [snapshot.bits]
        self._predicate = snapshot.predicate
        self._then = snapshot.as_of is not None
        self._own_bits, self._own = snapshot.own_bits, ""

    def bind(self, value: object) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    def record(self, alias: str) -> str:
        """That the reader reads the base group of this row of `records`."""
        return self._all(alias, alias, (Group.BASE.value,))

    def portion(self, alias: str, record: str) -> str:
        """That he reads this row of `portions`; `record` is the alias of its row of `records`."""
        told = self._all(alias, record, (Group.BASE.value,), f"{alias}.grp")
        columns = {f"{alias}.label_id", self.now(f"{alias}.label_id")}
        return told + self._unless_source(alias, *sorted(columns))

    def of_group(self, alias: str, column: str = "label_id") -> str:
        """That he reads this label of a row that names its group."""
        return self.label(f"{alias}.{column}") + self._unless_source(alias, f"{alias}.{column}")

    def now(self, column: str) -> str:
        """The label that a row of `records` or `portions` has today in this column of labels."""
        return column.replace("label_id", "label_now") if self._then else column

    def label(self, column: str) -> str:
        """That he reads this label."""
        return f"get_bit($1::bytea, {column})::bool" if self._predicate else "$1::bytea is not null"

    def _unless_source(self, alias: str, *columns: str) -> str:
        """Sources are shown to who reads them anyway; emergency access never opens them."""
        if self._own_bits is None:
            return ""
        self._own = self._own or self.bind(self._own_bits)
        own = " and ".join(f"get_bit({self._own}::bytea, {column})::bool" for column in columns)
        return f" and ({alias}.grp <> '{Group.SOURCE}' or {own})"

    def _all(self, alias: str, record: str, groups: tuple[str, ...], more: str = "''") -> str:
        if not self._predicate:
            return "$1::bytea is not null"
        named = ", ".join([*(f"'{group}'" for group in groups), more])
        return (
            f"get_bit($1::bytea, {alias}.label_id)::bool"
            f" and not exists (select from overrides o where o.record_id = {record}.record_id"
            f" and o.grp in ({named}) and o.version > {record}.source_version"
            f" and not get_bit($1::bytea, o.label_id)::bool)"
        )
