"""What may be done with a person, a post or an organisation: for its owner, and only with what he reads."""

from collections.abc import Mapping

from services.gateway.web.ports import View
from shared.ids import Kind
from shared.principal import Principal
from shared.roles import Action, allowed

STEPS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PERSON: (
        "amend", "rename", "alias", "language", "tie", "protocol", "private", "merge",
    ),
    Kind.POST: ("take", "leave", "amend"),
    Kind.ORGANISATION: ("merge",),
}  # fmt: skip
UNDOING = "unmerge"
# What a step writes into; nobody writes what he may not read.
GROUPS: Mapping[str, str] = {
    "rename": "identity", "alias": "identity", "protocol": "protocol", "private": "private",
    "take": "identity", "leave": "identity",
}  # fmt: skip


def contact_steps(principal: Principal, view: View) -> tuple[str, ...]:
    """Steps in the order they are offered; none when this reader may not change the record."""
    kind = Kind(view["kind"])
    if view["owner"] != str(principal.organisation):
        return ()
    if not allowed(principal.roles, Action.CHANGE, kind):
        return ()
    if view["status"] == "merged":
        return (UNDOING,)
    steps = STEPS.get(kind, ()) if view["status"] == "active" else ()
    return tuple(one for one in steps if _possible(one, view))


def may_read_private(principal: Principal, view: View) -> bool:
    """Any reader of the group may ask for it, whoever owns the record: each reading is recorded."""
    responds = allowed(principal.roles, Action.RESPOND, Kind.PERSON)
    return responds and "private" not in view["withheld"]


def _possible(step: str, view: View) -> bool:
    if GROUPS.get(step) in view["withheld"]:
        return False
    identity = view.get("identity") or {}
    match step:
        case "alias":
            return bool(identity.get("name"))
        case "leave":
            return any(one.get("until") is None for one in identity.get("holders") or ())
        case _:
            return True
