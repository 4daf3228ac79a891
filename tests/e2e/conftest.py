"""The whole system running, and all personas signed in as clients."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.policy import Policy, load_policy
from tests.e2e.partner import Partner, Persona

POLICY_FILE = Path(__file__).parents[2] / "deploy/policy/mission.toml"
CAUGHT_UP_SECONDS = 30
LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True)
class Everybody:
    """All personas by id, and each one's feed cursor from before the test's first write."""

    partners: Mapping[str, Partner]
    beginning: Mapping[str, str]

    def __getitem__(self, persona: str) -> Partner:
        return self.partners[persona]

    async def all_caught_up(self) -> None:
        """Wait until the read side shows the last write of every persona."""
        for partner in self.partners.values():
            await partner.get("/v1/engagements", page_size="1")


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy(POLICY_FILE)


@pytest.fixture(scope="module")
async def everybody(installation) -> AsyncIterator[Everybody]:
    async with AsyncExitStack() as stack:
        partners = {
            line["id"]: await stack.enter_async_context(
                Partner(installation.gateway_url, Persona.of(line))
            )
            for line in installation.demo["personas"]
        }
        beginning = {name: await _now(partner) for name, partner in partners.items()}
        yield Everybody(partners, beginning)


async def _now(partner: Partner) -> str:
    """The cursor of this moment."""
    async with asyncio.timeout(CAUGHT_UP_SECONDS):
        cursor: str = (await partner.get("/v1/changes"))["next_cursor"]
        return cursor
