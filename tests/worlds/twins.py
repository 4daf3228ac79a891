"""Plays programs of requests in two worlds and compares every answer."""

import asyncio
import difflib
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from deploy.local.layout import Layout
from tests.stack.nats import TestNats
from tests.stack.postgres import TestPostgres
from tests.worlds.asking import Answer, Request, Seat
from tests.worlds.beginning import begin
from tests.worlds.hands import ACTS, HAND
from tests.worlds.installed import World, open_world
from tests.worlds.known import Known
from tests.worlds.reads import READS
from tests.worlds.viewing import view_as
from tests.worlds.writes import WRITES

CALLERS = ("ops-centre", "un-agency", "ngo-forum", "municipality", "security-officer")
STEPS = 7
HAND_MOVES = 0.6
# Reads what the hand writes for the mission, and nothing that it writes for its own organisation.
VIEWER = "ops-centre"
MOST_PAGES = 12
WRITE_SHARE = 0.3
SHOWN_LINES = 40
# What breaks in both worlds is alike, and tells nothing of either.
BROKEN = 500

Thing = TypeVar("Thing")


@dataclass
class Difference:
    """Two answers to one caller that should have been one."""

    seed: str
    persona: str
    request: Request
    answers: tuple[Answer, Answer]
    moves: list[str]

    def __str__(self) -> str:
        first, second = (_lines(answer) for answer in self.answers)
        told = list(difflib.unified_diff(first, second, "one world", "the other", n=1, lineterm=""))
        return "\n".join(
            [
                f"program {self.seed} as {self.persona}: {self.request}",
                *told[:SHOWN_LINES],
                *self.moves,
            ]
        )


@dataclass
class Twins:
    """Two worlds. `known` is what was met in both; ids are equal, for both make them by the same chance.

    `viewers`: somebody who views as others, in each.
    """

    worlds: tuple[World, World]
    seats: tuple[dict[str, Seat], dict[str, Seat]]
    viewers: tuple[Seat, Seat]
    known: Known = field(default_factory=Known)
    number: int = 0
    asked: int = 0

    async def play(
        self, seed: str, persona: str | None = None, audience: str | None = None
    ) -> Difference | None:
        """One program; the first difference, if there is one. `audience`: as whom a viewer looks."""
        chance = Random(seed)
        persona = persona or chance.choice(CALLERS)
        pair = self.viewers if audience else (self.seats[0][persona], self.seats[1][persona])
        self.known.new_program(persona)
        await self._sit_down(pair)
        for seat in pair if audience else ():
            await view_as(seat, audience or "", seed)
        moves: list[str] = []
        for request in (Request("GET", "/v1/changes"), *[None] * STEPS):
            if chance.random() < HAND_MOVES:
                moves += await self._move_hand(chance)
            asked = request or self._next(chance)
            if found := await self._compare(pair, asked, seed, moves):
                return found
        return await self._to_the_end(pair, seed, moves)

    async def _sit_down(self, pair: tuple[Seat, Seat]) -> None:
        self.number += 1
        for seat in pair:
            await seat.sit_down(self.number, pages=True)

    def _next(self, chance: Random) -> Request:
        table = WRITES if chance.random() < WRITE_SHARE else READS
        return pick(chance, table)(chance, self.known)

    async def _move_hand(self, chance: Random) -> list[str]:
        """Something out of sight happens in one of the worlds."""
        which, act = chance.randrange(2), pick(chance, ACTS)
        request = act(chance, self.known)
        if request is None:
            return []
        self.number += 1
        seat = self.seats[which][HAND]
        await seat.sit_down(self.number, pages=False)
        answer = await seat.ask(request, self.number)
        if isinstance(answer.json.get("id"), str):
            self.known.met(answer.json["id"])
        return [f"  hidden in world {which}: {request} -> {answer.status}"]

    async def _compare(
        self, pair: tuple[Seat, Seat], request: Request, seed: str, moves: list[str]
    ) -> Difference | None:
        self.number += 1
        self.asked += 1
        one, other = await asyncio.gather(*(seat.ask(request, self.number) for seat in pair))
        moves.append(f"  {request} -> {one.status}")
        if one != other:
            return Difference(seed, pair[0].persona, request, (one, other), moves)
        assert one.status != BROKEN, f"{seed} as {pair[0].persona}: {request} broke in both worlds"
        self.known.learn(request, one)
        return None

    async def _to_the_end(
        self, pair: tuple[Seat, Seat], seed: str, moves: list[str]
    ) -> Difference | None:
        """Every page of what was begun, then all changes, pulled and as the feed tells them."""
        for _ in range(MOST_PAGES):
            if not self.known.following:
                break
            path, cursor = self.known.following.pop()
            request = Request("GET", f"{path}&cursor={cursor}")
            if found := await self._compare(pair, request, seed, moves):
                return found
        pulled = Request("GET", f"/v1/changes?page_size=200&since={self.known.since}")
        if found := await self._compare(pair, pulled, seed, moves):
            return found
        return await self._feed(pair, seed, moves, pulled)

    async def _feed(
        self, pair: tuple[Seat, Seat], seed: str, moves: list[str], pulled: Request
    ) -> Difference | None:
        told = await pair[0].ask(pulled, self.number)
        events = len(told.json.get("items", ()))
        if not events:
            return None
        headers = {"Last-Event-ID": self.known.since}
        return await self._compare(
            pair, Request("GET", "/v1/events", headers=headers, feed=events), seed, moves
        )


@asynccontextmanager
async def open_twins(
    postgres: TestPostgres, nats: TestNats, layout: Layout, seed: str
) -> AsyncIterator[Twins]:
    """Two new worlds with the same beginning."""
    logging.disable(logging.INFO)
    async with AsyncExitStack() as stack:
        stack.callback(logging.disable, logging.NOTSET)
        one = await stack.enter_async_context(open_world(postgres, nats, layout, seed))
        other = await stack.enter_async_context(open_world(postgres, nats, layout, seed, one))
        viewers = (Seat(one, VIEWER, in_person=True), Seat(other, VIEWER, in_person=True))
        twins = Twins((one, other), (_seats(one), _seats(other)), viewers)
        for seats in twins.seats:
            for seat in seats.values():
                await seat.sit_down(0, pages=False)
        twins.number = await begin(twins.seats, twins.known)
        yield twins


def pick(chance: Random, table: Mapping[Thing, int]) -> Thing:
    return chance.choices(list(table), list(table.values()))[0]


def _seats(world: World) -> dict[str, Seat]:
    return {name: Seat(world, name) for name in (HAND, *CALLERS)}


def _lines(answer: Answer) -> list[str]:
    body = answer.body.replace(",", ",\n")
    return [str(answer.status), *map(str, answer.headers), *body.splitlines()]
