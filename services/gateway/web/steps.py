"""What may be done next with an engagement: the same states as the service has, for its owner only."""

from collections.abc import Mapping
from typing import Any

from shared.ids import Kind, new_bytes
from shared.principal import Principal
from shared.roles import Action, allowed

STEPS: Mapping[str, tuple[str, ...]] = {
    "proposed": ("plan", "cancel"),
    "planned": ("confirm", "hold", "cancel"),
    "confirmed": ("hold", "cancel"),
    "held": ("debrief",),
    "debriefed": (),
    "cancelled": (),
}


def steps_for(principal: Principal, view: Mapping[str, Any]) -> tuple[str, ...]:  # Any: a view
    """Verbs in the order they are offered; none when this reader may not change the record."""
    kind = Kind(view["kind"])
    if kind is not Kind.ENGAGEMENT or view["owner"] != str(principal.organisation):
        return ()
    if not allowed(principal.roles, Action.CHANGE, kind):
        return ()
    return STEPS.get(str(view["status"]), ())


def new_key() -> str:
    """An idempotency key for one rendering of one form: sent twice, it is done once."""
    return f"page-{new_bytes(16).hex()}"
