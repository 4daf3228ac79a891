"""A course of writes over both services, a reader who breaks off and comes back, and the oracle of both.

The oracle (I11): every change readable at delivery arrives, none is missing among those readable
throughout, nothing of what is never readable, and a repeat carries the same id.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tests.e2e.partner import FeedEvent, Partner

BATCH = 20
READABLE = {"level": "public", "releasable_to": [["un"]]}
HIDDEN = {"level": "public", "releasable_to": [["mil"]]}
# Per record, whether the watcher reads it: from its creation on, and after each time it was relabelled.
Fates = dict[str, list[bool]]
Json = dict[str, Any]  # Any: JSON


class Reader:
    """Follows one feed through disconnects and keeps every change it was told of."""

    def __init__(self, partner: Partner, cursor: str, chance: random.Random) -> None:
        self.partner = partner
        self.cursor = cursor
        self.chance = chance
        self.disconnects = 0
        self.told: defaultdict[str, list[FeedEvent]] = defaultdict(list)

    async def follow(self, last: asyncio.Future[set[str]]) -> None:
        """Read, breaking off at random, until all records that `last` names are told of."""
        while not self._has_all(last):
            await self._one_connection(self.chance.randint(1, 8), last)
            self.disconnects += 1

    async def _one_connection(self, most: int, last: asyncio.Future[set[str]]) -> None:
        async with self.partner.feed(self.cursor) as events:
            async for event in events:
                self.cursor = event.id or self.cursor
                if event.data:
                    self.told[event.json["subject"]].append(event)
                    most -= 1
                if most <= 0 or self._has_all(last):
                    return

    def _has_all(self, last: asyncio.Future[set[str]]) -> bool:
        return last.done() and last.result() <= self.told.keys()


async def write_last(writer: Partner) -> set[str]:
    """One record of each service: between services, what was written first may be told last."""
    engagement = await writer.post("/v1/engagements", an_engagement("last", READABLE))
    organisation = await writer.post("/v1/organisations", an_organisation("Last", READABLE))
    return {engagement["id"], organisation["id"]}


async def written(writer: Partner, chance: random.Random, writes: int) -> Fates:
    """Records over both services, a third relabelled once."""
    fates: Fates = {}
    for first in range(0, writes * 3 // 4, BATCH):
        fates |= dict(
            await asyncio.gather(
                *(
                    _create(writer, number, chance.random() < 0.6)
                    for number in range(first, first + BATCH)
                )
            )
        )
    changing = chance.sample(sorted(fates), writes // 4)
    for first in range(0, len(changing), BATCH):
        await asyncio.gather(
            *(_relabel(writer, record, fates) for record in changing[first : first + BATCH])
        )
    return fates


def told_as_the_oracle_says(told: Mapping[str, Sequence[FeedEvent]], fates: Fates) -> None:
    """Raises AssertionError. `told`: what the reader heard, by record, in its order."""
    always = {record for record, labels in fates.items() if labels == [True]}
    never = {record for record, labels in fates.items() if True not in labels}
    ends_readable = {record for record, labels in fates.items() if labels[-1]}
    revoked = {record for record, labels in fates.items() if True in labels and not labels[-1]}
    assert always <= told.keys()
    assert ends_readable <= told.keys()
    assert not never & told.keys()
    assert {record for record in revoked & told.keys() if not _ends_revoked(told[record])} == set()
    _repeats_carry_the_same_content(told)


async def _create(writer: Partner, number: int, readable: bool) -> tuple[str, list[bool]]:
    label = READABLE if readable else HIDDEN
    if number % 2:
        answer = await writer.post("/v1/engagements", an_engagement(f"feed {number}", label))
    else:
        answer = await writer.post("/v1/organisations", an_organisation(f"Feed {number}", label))
    return answer["id"], [readable]


async def _relabel(writer: Partner, record: str, fates: Fates) -> None:
    readable = not fates[record][-1]
    kind = record.partition("_")[0]
    body = {"label": READABLE if readable else HIDDEN, "reason": "changed hands"}
    await writer.post(f"/v1/{kind}s/{record}/relabel", body)
    fates[record].append(readable)


def an_organisation(name: str, label: Json) -> Json:
    return {"name": name, "organisation_kind": "ngo", "label": label}


def an_engagement(purpose: str, label: Json) -> Json:
    return {
        "purpose": purpose,
        "type": "routine_liaison",
        "starts_at": "2031-05-02T09:00:00Z",
        "label": label,
    }


def _ends_revoked(events: Sequence[FeedEvent]) -> bool:
    return bool(events[-1].json["type"].endswith("revoked"))


def _repeats_carry_the_same_content(told: Mapping[str, Sequence[FeedEvent]]) -> None:
    by_id: dict[str, str] = {}
    for events in told.values():
        for event in events:
            told_before = by_id.setdefault(event.json["id"], event.json["type"])
            assert told_before == event.json["type"]
