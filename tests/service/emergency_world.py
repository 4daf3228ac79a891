"""A gateway with duty officers, and what they do in an emergency."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from services.gateway.sessions import csrf_token
from shared.roles import Role
from tests.service import gateway_world
from tests.service.gateway_calls import call
from tests.service.gateway_edge import Held
from tests.service.gateway_world import World, persona, run_world

PROTECTED = {"level": "unclassified", "releasable_to": [["all"]], "caveats": ["PROTECTION"]}
ASKED = {"caveats": ["PROTECTION"], "minutes": 30, "reason": "Ambush reported on the road"}


@asynccontextmanager
async def emergency_world(
    layout: Any, postgres: Any, nats: Any, *, pages: bool = False
) -> AsyncIterator[World]:
    """With two duty officers, who hold no caveat."""
    fresh = await postgres.fresh("gateway", "keystore")
    staff = (persona(name, roles=(Role.OPERATIONS,)) for name in ("duty", "reserve"))
    people = (*gateway_world.PEOPLE, *staff)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gateway_world, "PEOPLE", people)
        async with run_world(layout, fresh, nats.url, pages=pages) as made:
            yield made


@dataclass(frozen=True)
class Signed:
    """Somebody signed in with a browser."""

    cookie: dict[str, str]
    csrf: str

    @property
    def writing(self) -> dict[str, str]:
        return self.cookie | {"X-CSRF-Token": self.csrf, "Idempotency-Key": uuid4().hex}


async def signed_in(world: World, name: str) -> Signed:
    async with await world.sign_in(name) as answer:
        value = answer.cookies["parley"].value
    return Signed({"Cookie": f"parley={value}"}, csrf_token(world.app.state.gateway, value))


def protected(world: World, owner: str = "ann", **more: Any) -> Held:
    home = world.people[owner]["organisation_id"]
    given = {"owner": home, "level": "unclassified", "group_labels": {"identity": PROTECTED}} | more
    return world.services.hold("engagement", "Talks", **given)


async def opened(world: World, who: Signed, **more: Any) -> Any:
    """Anew: what was open is closed."""
    await closed(world, who)
    answer, told = await call(world, "POST", "/v1/break_glass", who.writing, ASKED | more)
    assert answer.status == 201, told
    return told


async def closed(world: World, who: Signed) -> None:
    _, listed = await call(world, "GET", "/v1/break_glass", who.cookie)
    for one in listed["items"]:
        await call(world, "POST", f"/v1/break_glass/{one['id']}/close", who.writing)


async def groups_seen(world: World, headers: dict[str, str], record: Held) -> list[str]:
    _, view = await call(world, "GET", f"/v1/records/{record.id}", headers)
    return sorted(view["group_labels"])
