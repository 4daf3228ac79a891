"""Whether a caller can tell two sets of things apart: the same requests about each, answers byte for byte."""

import difflib
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace

from tests.security.rows_pages import Asks
from tests.worlds.asking import Answer, Opaque, Request, Seat

SHOWN_LINES = 12
# Names that are given anew for every answer: records just made, keys of forms, ids of requests.
RECORD_ID = re.compile(r"\b(?:organisation|place|person|post|engagement|commitment)_[0-9a-z]{26}\b")
NONCE = re.compile(r"\b[0-9a-f]{32}\b")


class Comparing:
    """As one caller. `number` goes on from request to request: the world's clock.

    `share`: of all requests every so many are sent, for callers who differ little from one that sent all.
    """

    def __init__(self, seat: Seat, number: int, share: int = 1) -> None:
        self.seat, self.number, self.share = seat, number, share
        self.met = self.asked = 0

    async def differences(
        self, asks: Asks, hidden: Mapping[str, str], absent: Mapping[str, str]
    ) -> list[str]:
        """How answers about one differ from those about the other; none when nobody could tell."""
        told = self._each(asks, hidden, absent)
        return [found async for found in told if found]

    async def tells_apart(
        self, asks: Asks, some: Mapping[str, str], others: Mapping[str, str]
    ) -> bool:
        """Whether any answer differs; asks no more than it takes to know."""
        async for found in self._each(asks, some, others):
            if found:
                return True
        return False

    async def _each(
        self, asks: Asks, hidden: Mapping[str, str], absent: Mapping[str, str]
    ) -> AsyncIterator[str]:
        for place, pair in enumerate(zip(asks(hidden), asks(absent), strict=True)):
            self.met += 1
            if self.met % self.share:
                continue
            self.number += 1
            await self.seat.sit_down(self.number, pages=True)
            answers = [
                await self._asked(keyed(request, f"{things['key']}-{place}"), things)
                for request, things in zip(pair, (hidden, absent), strict=True)
            ]
            self.asked += 1
            yield "\n".join(_told(pair, answers)) if answers[0] != answers[1] else ""

    async def _asked(self, request: Request, things: Mapping[str, str]) -> Answer:
        seat = replace(self.seat, opaque=Opaque())
        return without_names(await seat.ask(request, self.number), things)


def keyed(request: Request, key: str) -> Request:
    """With an Idempotency-Key, or as a form its key: writes go without none."""
    if not request.writes:
        return request
    if request.page:
        return replace(request, body={"key": key} | (request.body or {}))
    return replace(request, headers={"Idempotency-Key": key} | dict(request.headers))


def without_names(answer: Answer, things: Mapping[str, str]) -> Answer:
    """With `<kind>` for each of the things, and names for what is named anew, in order of appearance."""
    headers = tuple((name, _unnamed(value, things)) for name, value in answer.headers)
    return Answer(answer.status, headers, _unnamed(answer.body, things))


def _unnamed(text: str, things: Mapping[str, str]) -> str:
    for name, value in things.items():
        text = text.replace(value, f"<{name}>")
    for pattern in (RECORD_ID, NONCE):
        for number, name in enumerate(dict.fromkeys(pattern.findall(text))):
            text = text.replace(name, f"<{number}>")
    return text


def _told(pair: Sequence[Request], answers: Sequence[Answer]) -> Iterator[str]:
    yield f"{pair[0]}"
    first, second = (_lines(answer) for answer in answers)
    told = difflib.unified_diff(first, second, "hidden", "absent", n=0, lineterm="")
    yield from list(told)[:SHOWN_LINES]


def _lines(answer: Answer) -> list[str]:
    body = answer.body.replace(",", ",\n").replace("<", "\n<")
    return [str(answer.status), *map(str, answer.headers), *body.splitlines()]
