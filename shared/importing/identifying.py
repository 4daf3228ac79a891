"""What a key may be, and keys that come twice: checked here so that a row is never lost silently."""

from collections.abc import Iterable

from shared.importing.columns import plain
from shared.importing.plan import Item, Json, Remark
from shared.values import NAME_LIMIT


def checked(items: Iterable[Item]) -> tuple[tuple[Item, ...], tuple[Remark, ...]]:
    """Items that can be sent, one for each key, and remarks on the rest."""
    kept: dict[str, Item] = {}
    remarks: list[Remark] = []
    for item in items:
        wrong = _wrong_key(item.key) or _wrong_name(item)
        if wrong:
            remarks.append(Remark("rejected", item.row, item.key, wrong))
        elif item.key in kept:
            first = kept[item.key].row
            said = f"The same id as {first}: one record, as this row says it."
            remarks.append(Remark("note", item.row, item.key, said))
            kept[item.key] = item
        else:
            kept[item.key] = item
    return tuple(kept.values()), (*remarks, *_alike(kept.values()))


def _wrong_key(key: str) -> str | None:
    if not key:
        return "The row has no id."
    if len(key) > NAME_LIMIT or "\x00" in key:
        return f"The id is longer than {NAME_LIMIT} characters, or no text."
    return None


def _wrong_name(item: Item) -> str | None:
    return None if _name_of(item) else "The row has no name."


def _name_of(item: Item) -> str:
    """A person's name is in a field group of its own."""
    named: Json = item.body.get("identity") or item.body
    return str(named["name"]["text"])


def _alike(items: Iterable[Item]) -> list[Remark]:
    """Equal names are two records; somebody should look whether they are one."""
    first: dict[tuple[str, str | None], Item] = {}
    remarks = []
    for item in items:
        name = (plain(_name_of(item)), item.parent)
        if name in first:
            said = f"Has the same name as {first[name].row} ({first[name].key}): perhaps the same."
            remarks.append(Remark("duplicate", item.row, item.key, said))
        first.setdefault(name, item)
    return remarks
