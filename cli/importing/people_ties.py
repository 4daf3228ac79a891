"""Organisations as an import of people names them, found among those its caller may see.

By external id of any system, or by exactly the same name; what fits several fits none.
"""

from collections.abc import Iterator
from dataclasses import replace

from cli.client import GatewayClient
from shared.folding import folded
from shared.importing.plan import Item, Json, Plan, Remark

PAGE_SIZE = "200"
OUT_OF_USE = ("retired", "merged")

Known = dict[str, set[str]]


async def with_ties(gateway: GatewayClient, plan: Plan) -> Plan:
    """The plan with people tied to the organisations they name. Raises GatewayError."""
    if not any(item.organisation for item in plan.items):
        return plan
    by_id, by_name = await _organisations(gateway)
    items, remarks = list[Item](), list(plan.remarks)
    for item in plan.items:
        found = by_id.get(item.organisation) or by_name.get(folded(item.organisation)) or set()
        if len(found) == 1:
            items.append(_tied(item, next(iter(found))))
            continue
        items.append(item)
        if item.organisation:
            remarks.append(Remark("note", item.row, item.key, _why(item, found), "organisation"))
    return replace(plan, items=tuple(items), remarks=tuple(remarks))


async def _organisations(gateway: GatewayClient) -> tuple[Known, Known]:
    """Ids of those in use, by their external ids and by their names."""
    by_id, by_name, cursor = Known(), Known(), dict[str, str]()
    while True:
        page = await gateway.get("/v1/organisations", page_size=PAGE_SIZE, **cursor)
        for view in page["items"]:
            if view["status"] in OUT_OF_USE:
                continue
            for external in view.get("external_ids", ()):
                by_id.setdefault(external["id"], set()).add(view["id"])
            for name in _names(view):
                by_name.setdefault(folded(name), set()).add(view["id"])
        if not page["next_cursor"]:
            return by_id, by_name
        cursor = {"cursor": page["next_cursor"]}


def _names(view: Json) -> Iterator[str]:
    named = [view.get("name"), view.get("short_name"), *(view.get("aliases") or ())]
    yield from (name["text"] for name in named if name and name.get("text"))


def _tied(item: Item, organisation_id: str) -> Item:
    tie = {"organisation_id": organisation_id, "tie": "member"}
    return replace(item, body={**item.body, "ties": [tie]})


def _why(item: Item, found: set[str]) -> str:
    many = "Several organisations go" if found else "No organisation that you see goes"
    return f"Not tied: {many} by {item.organisation!r}."
