"""The whole system running, a small gazetteer in it, and all personas signed in as clients."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.layout import ROOT
from deploy.local.services import Surroundings, environment
from shared.policy import Policy, load_policy
from tests.e2e.partner import Partner, Persona
from tests.stack.installation import Installation

POLICY_FILE = ROOT / "deploy/policy/mission.toml"
LOADER = Path(__file__).with_name("loader.toml")
APPROVER = Path(__file__).with_name("approver.toml")
CAUGHT_UP_SECONDS = 30
LOOK_AGAIN_SECONDS = 0.1
MALAKAL = {
    "name": "Malakal",
    "level": "admin2",
    "pcode": "SS0707",
    "point": {"lat": 9.53, "lon": 31.65},
    "precision": "district",
}


@dataclass(frozen=True)
class Everybody:
    """All personas by id, and each one's feed cursor from before the test's first write."""

    partners: Mapping[str, Partner]
    beginning: Mapping[str, str]

    def __getitem__(self, persona: str) -> Partner:
        return self.partners[persona]


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy(POLICY_FILE)


@pytest.fixture(scope="session")
async def gazetteer(installation: Installation) -> None:
    """One place, and the writing side knowing it."""
    persona = Persona.of(await asyncio.to_thread(provisioned, installation, LOADER))
    async with Partner(installation.gateway_url, persona) as editor:
        await editor.call("PUT", "/v1/places/external/pcode/SS0707", MALAKAL)
    writer = Persona.of(installation.demo["personas"][0])
    async with Partner(installation.gateway_url, writer) as officer:
        async with asyncio.timeout(CAUGHT_UP_SECONDS):
            while not await _links_malakal(officer):
                await asyncio.sleep(LOOK_AGAIN_SECONDS)


@pytest.fixture(scope="session")
async def everybody(installation: Installation, gazetteer: None) -> AsyncIterator[Everybody]:
    async with AsyncExitStack() as stack:
        partners = {
            line["id"]: await stack.enter_async_context(
                Partner(installation.gateway_url, Persona.of(line))
            )
            for line in installation.demo["personas"]
        }
        beginning = {
            name: (await partner.get("/v1/changes"))["next_cursor"]
            for name, partner in partners.items()
        }
        yield Everybody(partners, beginning)


def provisioned(installation: Installation, personas: Path) -> dict[str, object]:
    """Make the one persona of `personas` in a running installation; his line with secrets."""
    out = installation.layout.var / f"{personas.stem}.json"
    around = Surroundings(
        installation.layout, installation.state, installation.databases, installation.nats_url
    )
    command = [sys.executable, "-P", "-m", "services.gateway.access.provision"]
    command += ["--personas", str(personas), "--out", str(out)]
    subprocess.run(  # noqa: S603  # our own command
        [
            sys.executable,
            "-P",
            "-m",
            "services.gateway.access.provision",
            "--personas",
            str(personas),
            "--out",
            str(out),
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | environment(around, "gateway"),
        check=True,
        capture_output=True,
    )
    line: dict[str, object] = json.loads(out.read_text("utf-8"))["personas"][0]
    return line


async def _links_malakal(officer: Partner) -> bool:
    """A trial engagement there is linked as soon as engagements has heard of the place."""
    body = {
        "purpose": "Is Malakal known yet?",
        "type": "routine_liaison",
        "starts_at": "2030-01-02T09:00:00Z",
        "place": {"name": "Malakal"},
        "label": {"level": "public", "releasable_to": []},
    }
    answer = await officer.post("/v1/engagements", body)
    shown = await officer.get(f"/v1/engagements/{answer['id']}")
    return shown["place"].get("place_id") is not None
