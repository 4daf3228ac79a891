"""What is taken back is taken back everywhere within five seconds: on every channel at once.

Channels: lists and records of the API, a file's link, an export's, pages of an open session, their stream,
the feed in progress, and webhooks. What stays readable goes on being told, so that silence proves something.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.partner import Partner, Persona
from tests.security.watching import (
    CAVEAT,
    COMMUNITY,
    LEVEL,
    WHY,
    Asked,
    Watching,
    entitle,
    until,
    watching,
)
from tests.stack.installation import Installation

PROMISED_SECONDS, SHOWN_SECONDS = 5, 20
SECRET = {"level": LEVEL, "releasable_to": [[COMMUNITY]], "caveats": [CAVEAT]}
# A file falls under the label of the promise it belongs to, and may be raised from there by one person.
BEARER = {"level": "public", "releasable_to": [[COMMUNITY]], "caveats": []}
PLAIN = {"level": "public", "releasable_to": [["all"]], "caveats": []}
EVERYTHING, MACHINES = (
    ("API", "file", "export", "pages", "live", "feed", "webhook"),
    ("API", "file", "export", "feed", "webhook"),
)


@dataclass(frozen=True, slots=True)
class Revocation:
    """An order to a family of access records. `goes_on`: what stays readable is still told."""

    family: str
    verb: str
    body: dict[str, str]
    ends: tuple[str, ...]
    goes_on: bool


REVOCATIONS = {
    "a client is suspended": Revocation("clients", "suspend", {}, MACHINES, goes_on=False),
    "a person is suspended": Revocation("people", "suspend", {}, EVERYTHING, goes_on=False),
    "an organisation is suspended": Revocation(
        "partners", "suspend", {}, EVERYTHING, goes_on=False
    ),
    "a community is taken back": Revocation(
        "people", "revoke", {"kind": "community", "name": COMMUNITY}, EVERYTHING, goes_on=True
    ),
    "a caveat is taken back": Revocation(
        "people", "revoke", {"kind": "caveat", "name": CAVEAT}, EVERYTHING, goes_on=True
    ),
    "a clearance is lowered": Revocation(
        "people", "set_level", {"level": "unclassified"}, EVERYTHING, goes_on=True
    ),
    "an organisation's ceiling is lowered": Revocation(
        "partners", "set_level", {"level": "unclassified"}, EVERYTHING, goes_on=True
    ),
    "a client's ceiling is lowered": Revocation(
        "clients", "set_level", {"level": "unclassified"}, MACHINES, goes_on=True
    ),
}

# What a stream says when its reader's rights have changed.
RESETS = {"feed": b"event: reset", "live": b"event: resync", "webhook": b"parley.feed.reset"}


@pytest.fixture(scope="module")
async def personas(installation: Installation) -> AsyncIterator[dict[str, Partner]]:
    lines = {line["id"]: line for line in installation.demo["personas"]}
    async with (
        Partner(installation.gateway_url, Persona.of(lines["security-officer"])) as officer,
        Partner(installation.gateway_url, Persona.of(lines["liaison-officer"])) as writer,
    ):
        yield {"officer": officer, "writer": writer}


@pytest.fixture(scope="module")
async def witness(
    installation: Installation, personas: dict[str, Partner]
) -> AsyncIterator[Watching]:
    """Somebody of whom nothing is taken: what he is brought, others would have been brought too."""
    entitled = await entitle(personas["officer"])
    async with watching(installation.gateway_url, entitled.persona) as watcher:
        yield watcher


@pytest.mark.parametrize("name", REVOCATIONS)
async def test_nothing_is_shown_five_seconds_after(
    installation: Installation, personas: dict[str, Partner], witness: Watching, name: str
) -> None:
    revocation, officer, writer = REVOCATIONS[name], personas["officer"], personas["writer"]
    entitled = await entitle(officer)
    async with watching(installation.gateway_url, entitled.persona) as watcher:
        before = await _promise(writer, SECRET)
        asked = await _everywhere(writer, before)
        await _all_show(watcher, asked, before)
        asked["export"] = (await watcher.exported(),)
        await _shown(watcher, asked["export"][0], before)
        target = f"/v1/access/{revocation.family}/{entitled.records[revocation.family]}"
        await officer.post(f"{target}/{revocation.verb}", WHY | revocation.body)
        took = {
            channel: await _hidden_after(watcher, asked[channel], before)
            for channel in asked
            if channel in revocation.ends
        }
        secret, plain = await _promise(writer, SECRET), await _promise(writer, PLAIN)
        await until(lambda: {secret.id, plain.id} <= set(witness.receiver.subjects))
        await _silent(watcher, secret, plain, revocation)
        if revocation.goes_on:
            later = (await _promise(writer, PLAIN)).id.encode()
            await until(lambda: all(later in _told(watcher, name) for name in RESETS))
        kept = [channel for channel in asked if channel not in revocation.ends]
        shown = {channel: await _shows(watcher, asked[channel], before) for channel in kept}
    print(f"{name}: {took}")
    assert shown == dict.fromkeys(kept, True)


@dataclass(frozen=True, slots=True)
class Written:
    id: str
    word: str


async def _promise(writer: Partner, label: dict[str, Any]) -> Written:
    word = f"qz{uuid4().hex}"
    to = {"organisation_id": writer.persona.organisation_id}
    body = {"direction": "by_us", "what": word, "to": to, "label": label}
    return Written((await writer.post("/v1/commitments", body))["id"], word)


async def _everywhere(writer: Partner, written: Written) -> dict[str, tuple[Asked, ...]]:
    """Each channel that is asked, and how it is asked about the record."""
    one, bearer = f"/v1/commitments/{written.id}", (await _promise(writer, BEARER)).id
    headers = writer.headers | {"Idempotency-Key": uuid4().hex, "Content-Type": "text/plain"}
    async with writer.session.post(
        f"/v1/commitments/{bearer}/attachments?name=a.txt",
        data=written.word.encode(),
        headers=headers,
    ) as answer:
        told = await answer.json()
        assert answer.status == 201, told
    await writer.post(f"/v1/attachments/{told['id']}/relabel", {"label": SECRET})
    return {
        "API": (
            Asked(one),
            Asked(f"/v1/records?q={written.word}"),
            Asked("/v1/commitments?page_size=500"),
        ),
        "file": (Asked(f"/v1/attachments/{told['id']}/content"),),
        "pages": (
            Asked(f"/commitments/{written.id}", page=True),
            Asked(f"/search?q={written.word[:12]}", page=True),
        ),
    }


async def _shows(watcher: Watching, asked: tuple[Asked, ...], written: Written) -> bool:
    """Whether any of these shows the record's word, other than the one that was sought."""
    return any([written.word in await watcher.told(one) for one in asked])


async def _all_show(
    watcher: Watching, asked: dict[str, tuple[Asked, ...]], written: Written
) -> None:
    """Or their silence would prove nothing."""
    for one in (each for channel in asked.values() for each in channel):
        await _shown(watcher, one, written)
    await until(lambda: written.word.encode() in watcher.streams["feed"])
    await until(lambda: written.id.encode() in watcher.streams["live"])
    await until(lambda: written.word in watcher.brought())


async def _shown(watcher: Watching, asked: Asked, written: Written) -> None:
    began = time.monotonic()
    while written.word not in (told := await watcher.told(asked)):
        assert time.monotonic() - began < SHOWN_SECONDS, (asked.path, told[:500])
        await asyncio.sleep(0.05)


async def _hidden_after(watcher: Watching, asked: tuple[Asked, ...], written: Written) -> float:
    """Seconds until none of these shows it. Raises TimeoutError after what was promised."""
    began = time.monotonic()
    async with asyncio.timeout(PROMISED_SECONDS):
        while await _shows(watcher, asked, written):
            await asyncio.sleep(0.05)
    return round(time.monotonic() - began, 2)


def _heard(watcher: Watching, name: str, written: Written) -> bool:
    """Of the record, or that all is to be read again: what came before a stream knew of its new rights."""
    told = _told(watcher, name)
    return written.id.encode() in told or RESETS[name] in told


def _told(watcher: Watching, name: str) -> bytes:
    return watcher.brought().encode() if name == "webhook" else watcher.streams[name]


async def _silent(
    watcher: Watching, secret: Written, plain: Written, revocation: Revocation
) -> None:
    """Of what was written since nothing comes; what he may still read, written after it, does."""
    streams = {name for name in ("feed", "live") if name in revocation.ends}
    if not revocation.goes_on:
        await until(lambda: streams <= watcher.ended, PROMISED_SECONDS)
    if revocation.goes_on:
        await until(lambda: all(_heard(watcher, name, plain) for name in RESETS))
    for name in streams:
        assert secret.id.encode() not in watcher.streams[name], name
    assert secret.id not in watcher.brought()
    assert secret.word not in watcher.brought()
