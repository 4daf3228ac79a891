"""The label of a saved view's name: what somebody typed, for the owner organisation only."""

from typing import Any

from services.gateway.web.page import Page


def owners_only(page: Page) -> dict[str, Any]:  # Any: a label on the wire
    lowest = min(page.dashboard.policy.levels, key=lambda level: level.ordinal)
    return {"level": lowest.id, "releasable_to": [], "caveats": []}
