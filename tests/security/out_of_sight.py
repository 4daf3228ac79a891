"""Things that callers may not see, one of each kind; and things of the same names that never were."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from services.gateway.partner_api.kinds import ATTACHMENTS, KINDS
from shared.ids import Kind, RecordId
from tests.security import bodies
from tests.security.bodies import DAY, OPEN, OWNER_ONLY, Json, Things
from tests.worlds.asking import Request, Seat

OWNER, ADMINISTRATOR, DUTY = "ops-centre", "security-officer", "duty-officer"
RECEIVER = "https://receiver.example/parley"
VIEW_ID = re.compile(r"/views/([0-9a-f]{16})/delete")


def _place(things: Things) -> Json:
    point = {"point": {"lat": 9.53, "lon": 31.65}, "precision": "district"}
    return {"name": things["word"], "level": "admin2", "pcode": things["pcode"], **point}


def _person(things: Things) -> Json:
    named = {"described_as": things["word"], "identity": {"name": things["word"]}}
    return bodies.person(things) | named | {"private": {"private_note": things["word"]}}


def _engagement(things: Things) -> Json:
    exactly = {"exact_place": {"point": {"lat": 9.53, "lon": 31.65}}}
    return bodies.engagement(things) | {"purpose": things["word"]} | exactly


BODIES: tuple[tuple[str, str, Callable[[Things], Json]], ...] = (
    ("places", "place", _place),
    ("organisations", "organisation", lambda things: {"name": things["word"]}),
    ("people", "person", _person),
    ("posts", "post", lambda things: bodies.post(things) | {"name": things["word"]}),
    ("engagements", "engagement", _engagement),
    (
        "commitments",
        "commitment",
        lambda things: bodies.commitment(things) | {"what": things["word"]},
    ),
)


def absent_things(name: str) -> dict[str, str]:
    """Names spelled as those of `Hiding`, of nothing that ever was."""
    chance = Random(name)
    kinds = ("organisation", "place", "person", "post", "engagement", "commitment", "attachment")
    things = {
        kind: str(RecordId.new(Kind(kind)))
        for kind in (*kinds, "account", "client", "partner", "glass")
    }
    return things | {
        "pcode": f"ZZ{chance.randrange(10**6):06d}",
        "external": f"none-{chance.randrange(10**6):06d}",
        "word": f"zq{chance.getrandbits(64):016x}",
        "webhook": f"{chance.getrandbits(128):032x}",
        "job": f"{chance.getrandbits(128):032x}",
        "own_job": f"{chance.getrandbits(128):032x}",
        "view": f"{chance.getrandbits(64):016x}",
        "key": f"absent-{name}",
    }


@dataclass
class Hiding:
    """Writes things in one world, a request at a time."""

    seats: dict[str, Seat]
    number: int = 0

    async def hide(self, name: str, label: Json = OWNER_ONLY) -> dict[str, str]:
        """One of each kind under `label`, with names of its own."""
        things = absent_things(f"hidden {name}") | {"key": f"hidden-{name}"}
        self.number += 1
        labelled = {"label": label, "external_ids": [{"system": "c2", "id": things["external"]}]}
        for plural, thing, body_of in BODIES:
            things[thing] = str(
                (await self.act(OWNER, f"/v1/{plural}", body_of(things) | labelled))["id"]
            )
        taken = {"person_id": things["person"], "since": DAY}
        await self.act(OWNER, f"/v1/posts/{things['post']}/take", taken)
        things["attachment"] = await self._attached(things["commitment"], things["word"])
        things |= await self._webhook_and_view(things["word"]) | await self._access()
        things |= await self._jobs()
        return things | {"glass": await self._glass(things["word"])}

    async def hide_again(self, name: str) -> dict[str, str]:
        """Things that everybody read for a while."""
        things = await self.hide(name, OPEN)
        for kind in (api.kind.value for api in (*KINDS, ATTACHMENTS)):
            await self.act(
                OWNER, f"/v1/{_plural(kind)}/{things[kind]}/relabel", {"label": OWNER_ONLY}
            )
        return things

    async def hide_over(self, name: str) -> dict[str, str]:
        """Things that came to their end: merged, retired, cancelled, withdrawn."""
        things, other = await self.hide(name), await self.hide(f"{name}, too")
        for kind, verb, body in (
            ("organisation", "merge", {"into": other["organisation"]}),
            ("person", "merge", {"into": other["person"]}),
            ("place", "retire", {}),
            ("post", "retire", {}),
            ("attachment", "withdraw", {}),
            ("commitment", "withdraw", {"reason": "Error."}),
            ("engagement", "cancel", {"reason": "routes"}),
        ):
            await self.act(OWNER, f"/v1/{_plural(kind)}/{things[kind]}/{verb}", body)
        return things

    async def act(self, who: str, path: str, body: Json) -> Json:
        """Raises AssertionError unless it was accepted."""
        self.number += 1
        key = {"Idempotency-Key": f"hiding-{self.number}", "If-Match": "*"}
        seat = self.seats[who]
        await seat.sit_down(self.number, pages=True)
        answer = await seat.ask(Request("POST", path, body, key), self.number)
        assert answer.status in (200, 201, 202), (path, answer)
        told: Json = json.loads(seat.opaque.fill(answer.body))
        return told

    async def _attached(self, commitment: str, name: str) -> str:
        self.number += 1
        seat = self.seats[OWNER]
        await seat.world.at(self.number, writing=True)
        headers = {
            "Authorization": f"Bearer {seat.token}",
            "Idempotency-Key": f"hiding-{self.number}",
            "Content-Type": "text/plain",
        }
        path = f"/v1/commitments/{commitment}/attachments?name={name}.txt"
        async with seat.world.http.post(path, data=name.encode(), headers=headers) as answer:
            told: Any = await answer.json()
            assert answer.status == 201, told
        await seat.world.settle(seat.client)
        return str(told["id"])

    async def _glass(self, reason: str) -> str:
        """Emergency access, opened by somebody who has just signed in, and closed."""
        seat = self.seats[DUTY]
        self.number, seat.cookie = self.number + 1, ""
        await seat.sit_down(self.number, pages=True)
        asked = {"caveats": ["PROTECTION"], "reason": reason}
        made = await self.in_person(seat, "/v1/break_glass", asked)
        await self.in_person(seat, f"/v1/break_glass/{made['id']}/close", {})
        return str(made["id"])

    async def in_person(self, seat: Seat, path: str, body: Json) -> Json:
        """Raises AssertionError unless it was accepted."""
        self.number += 1
        await seat.world.at(self.number, writing=True)
        headers = {"Cookie": seat.cookie, "X-CSRF-Token": seat.csrf}
        headers["Idempotency-Key"] = f"hiding-{self.number}"
        async with seat.world.http.post(path, json=body, headers=headers) as answer:
            told: Json = await answer.json()
            assert answer.ok, told
        return told

    async def _webhook_and_view(self, word: str) -> dict[str, str]:
        hook = await self.act(OWNER, "/v1/webhooks", {"url": f"{RECEIVER}/{word}"})
        owner = self.seats[OWNER]
        kept = {"key": word, "to": "/people", "name": word}
        await owner.ask(Request("POST", "/views/new", kept, page=True), self.number)
        shown = await owner.ask(Request("GET", "/views", page=True), self.number)
        return {"webhook": str(hook["id"]), "view": VIEW_ID.findall(shown.body)[-1]}

    async def _jobs(self) -> dict[str, str]:
        """Exports: one of the owner's machine client, one of the owner in person."""
        path, seat = "/v1/engagements/export", self.seats[OWNER]
        machines = await self.act(OWNER, path, {})
        await seat.sit_down(self.number, pages=True)
        return {"job": machines["id"], "own_job": (await self.in_person(seat, path, {}))["id"]}

    async def _access(self) -> dict[str, str]:
        """What is written of their owner where access is decided."""
        line, seat, found = self.seats[OWNER].world.people[OWNER], self.seats[ADMINISTRATOR], {}
        await seat.sit_down(self.number, pages=True)
        for plural, thing, sought in (
            ("people", "account", line["username"]),
            ("clients", "client", line["client_id"]),
            ("partners", "partner", line["organisation_id"]),
        ):
            asked = Request("GET", f"/v1/access/{plural}?q={sought}")
            found[thing] = str((await seat.ask(asked, self.number)).json["items"][0]["id"])
        return found


def _plural(kind: str) -> str:
    return next(api.plural for api in (*KINDS, ATTACHMENTS) if api.kind.value == kind)
