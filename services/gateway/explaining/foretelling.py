"""An extract that nobody has made yet: as its maker would see it, and as others would. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from services.gateway.explaining.previewing import Asked, previewed, reach, somebody_of
from services.gateway.explaining.why import View
from services.gateway.second_check import shown_to
from services.gateway.upstream import Upstream
from shared.policy import Policy
from shared.principal import Principal

# A community or `org:..`, and the caveats that somebody of it holds.
Audience = tuple[str, Sequence[str]]
REPORTING, FORETOLD = "reporting", "/foretold"
ASKED = {"Parley-Validate-Only": "true", "Parley-Foretell": "true"}


@dataclass(frozen=True, slots=True)
class Order:
    """Where and how an extract is made: as the services take it."""

    service: str
    path: str
    body: Mapping[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class ToBe:
    """`view`: as its maker would see it. `needs`: `code` and `detail` of what he must do before, if any."""

    view: View
    needs: Mapping[str, str] | None


async def extract_to_be(
    upstream: Upstream, policy: Policy, principal: Principal, order: Order
) -> ToBe:
    """Nothing is written. Raises AppError as making it would, but for an approval that is missing."""
    answer = await upstream.command(order.service, "POST", order.path, order.body, principal, ASKED)
    told = answer.body["foretold"]
    whole = await upstream.asked(REPORTING, FORETOLD, told, principal)
    view = shown_to(policy, principal, whole)
    if view is None:
        raise LookupError("somebody may write what he could not read")
    return ToBe(view, told["needs"])


def read_by(
    policy: Policy,
    view: View,
    named: Sequence[View],
    audiences: Sequence[Audience],
    let_in: Sequence[Principal],
) -> dict[str, Any]:  # Any: JSON
    """`readings`: `who` of `audiences` would get the same `view` (None: nothing), and which of `named` they
    read; `readers`: how many people of each organisation could read it. Pure."""
    told: dict[bytes, dict[str, Any]] = {}  # Any: JSON
    for audience, caveats in audiences:
        asked = Asked(view, named, {}, audience, caveats)
        reader = somebody_of(policy, asked)
        theirs = previewed(policy, view, {}, reader)
        known = [one["id"] for one in named if shown_to(policy, reader, dict(one))]
        same = orjson.dumps([theirs, known])
        told.setdefault(same, {"who": [], "view": theirs, "named": known})["who"].append(
            (audience, caveats)
        )
    base = reach(policy, view, {}, let_in)[0]
    return {"readings": list(told.values()), "readers": dict(base.then)}
