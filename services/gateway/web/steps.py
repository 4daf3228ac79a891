"""What may be done next with a record: the same states as the service has, each for whom it is meant."""

from collections.abc import Mapping
from typing import Any

from services.gateway.web.times import parsed
from shared.clock import utc_now
from shared.ids import Kind, new_bytes
from shared.policy import Policy
from shared.principal import Principal
from shared.roles import Action, allowed

View = Mapping[str, Any]  # Any: a view
ENGAGEMENT: Mapping[str, tuple[str, ...]] = {
    "proposed": ("plan", "debrief", "hold", "postpone", "cancel"),
    "planned": ("approve", "confirm", "debrief", "hold", "postpone", "cancel"),
    "approved": ("confirm", "debrief", "hold", "postpone", "cancel"),
    "confirmed": ("debrief", "hold", "postpone", "cancel"),
    "postponed": ("replan", "hold", "cancel"),
    "held": ("debrief",),
    "debriefed": ("close",),
}
COMMITMENT: Mapping[str, tuple[str, ...]] = {
    "given": ("accept", "keep", "progress", "renegotiate", "break", "withdraw", "assess"),
    "accepted": ("keep", "progress", "renegotiate", "break", "withdraw", "assess"),
    "in_progress": ("keep", "progress", "renegotiate", "break", "withdraw", "assess"),
}
OPEN = frozenset(COMMITMENT)


def steps_for(principal: Principal, view: View, policy: Policy) -> tuple[str, ...]:
    """In the order they are offered; none that this reader may not take."""
    kind = Kind(view["kind"])
    owns = view["owner"] == str(principal.organisation)
    changes = owns and allowed(principal.roles, Action.CHANGE, kind)
    match kind:
        case Kind.ENGAGEMENT if changes:
            return tuple(_of_engagement(principal, policy, view))
        case Kind.COMMITMENT:
            own = COMMITMENT.get(str(view["status"]), ()) if changes else ()
            return own + _responses(principal, view, owns)
        case _:
            return ()


def may_date(principal: Principal, view: View) -> bool:
    """Whether he sets the dates on which its label changes."""
    owns = view["owner"] == str(principal.organisation) and view["status"] != "removed"
    return owns and allowed(principal.roles, Action.RELABEL, Kind(view["kind"]))


def may_remove(principal: Principal, view: View) -> bool:
    """Whether he asks that what it holds be removed, answers who asked, and sees it done."""
    owns = bool(view["owner"] == str(principal.organisation))
    return owns and allowed(principal.roles, Action.ASK_REMOVAL, Kind(view["kind"]))


def new_key() -> str:
    """An idempotency key for one rendering of one form: sent twice, it is done once."""
    return f"page-{new_bytes(16).hex()}"


def _of_engagement(principal: Principal, policy: Policy, view: View) -> list[str]:
    steps = [*ENGAGEMENT.get(str(view["status"]), ()), "link"]
    planned = view["status"] == "planned"
    needs_approval = planned and view.get("engagement_type") in policy.needs_approval
    approves = needs_approval and allowed(principal.roles, Action.APPROVE, Kind.ENGAGEMENT)
    starts = parsed(view.get("starts_at"))
    to_come = view["status"] != "held" and starts is not None and starts > utc_now()
    known = (view.get("identity") or {}).get("people") or ()
    complete = all(one.get("linked_to") for one in known)
    out = {
        "approve": not approves,
        "confirm": needs_approval,
        "debrief": to_come,
        "link": complete,
    }
    return [step for step in steps if not out.get(step, False)]


def _responses(principal: Principal, view: View, owns: bool) -> tuple[str, ...]:
    """Whoever reads it may say otherwise; that an open one was kept, only the other side says."""
    if not allowed(principal.roles, Action.RESPOND, Kind.COMMITMENT):
        return ()
    return ("dispute",) if owns or view["status"] not in OPEN else ("acknowledge", "dispute")
