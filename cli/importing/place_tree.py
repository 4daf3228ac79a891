"""Places from a JSON tree: level -> name -> place, and within a place the levels below it.

Each place's id is its path in the tree, byte for byte, parted by "/". A place the file leaves
"unclassified" is a site. A p-code that a place merely repeats from its parent is the parent's.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cli.importing.places import LEVELS, source
from shared.contracts.contacts import PlaceLevel
from shared.importing.identifying import checked
from shared.importing.plan import Item, Json, Plan, Remark, Wishes

TREE_SYSTEM = "iati-location-map"

_MAPPING = (
    "identity     from the path in the tree, byte for byte",
    "name         from name, else the key",
    "level        from the branch: admin1, admin2, unclassified (a site)",
    "pcode        from pcode, unless it is the parent's",
    "aliases      from synonyms",
    "parent       from the branch above",
)

Node = Mapping[str, Any]  # Any: parsed JSON


def is_tree(content: Mapping[str, Any]) -> bool:  # Any: parsed JSON
    return bool(content) and all(level in LEVELS for level in content)


def places_of_tree(tree: Node, wishes: Wishes) -> Plan:
    system = wishes.system or TREE_SYSTEM
    kept, remarks = checked(_walk(tree, "", {}, system))
    repeated = tuple(
        Remark("note", f"{key}", key, f"P-code {code} is its parent's, not its own.", "pcode")
        for key, code in _repeated(tree, "", "")
    )
    return Plan("places", system, _MAPPING, kept, (*remarks, *repeated))


def _walk(tree: Node, above: str, parent: Node, system: str) -> Iterator[Item]:
    for key, level, node in _children(tree, above):
        body: Json = {
            "name": {"text": str(node.get("name") or key.rpartition("/")[2]).strip()},
            "alternative_names": [
                {"text": s.strip()} for s in node.get("synonyms", ()) if s.strip()
            ],
            "level": level,
            "source": source(system),
        }
        pcode = str(node.get("pcode") or "").strip()
        if pcode and pcode != parent.get("pcode"):
            body["pcode"] = pcode
        yield Item(key, key, body, above or None)
        yield from _walk(node, key, node, system)


def _repeated(tree: Node, above: str, pcode: str) -> Iterator[tuple[str, str]]:
    for key, _, node in _children(tree, above):
        own = str(node.get("pcode") or "").strip()
        if own and own == pcode:
            yield key, own
        yield from _repeated(node, key, own)


def _children(tree: Node, above: str) -> Iterator[tuple[str, PlaceLevel, Node]]:
    for branch, places in tree.items():
        if branch in LEVELS and isinstance(places, dict):
            for name, node in places.items():
                key = "/".join(filter(None, (above, branch, name)))
                yield key, LEVELS[branch], node if isinstance(node, dict) else {}
