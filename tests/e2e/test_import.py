"""1,730 organisations through the gateway: all of them, none twice, also when killed half-way."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.layout import ROOT
from tests.e2e.conftest import Everybody
from tests.e2e.partner import Partner
from tests.stack.installation import Installation

DATA = ROOT / "tests/data"
TOTAL = 1730
LOOK_AGAIN_SECONDS = 0.05
WAIT_SECONDS = 60


def imported(
    installation: Installation, folder: Path, what: str, name: str, *more: str
) -> "subprocess.Popen[str]":
    """The command, started."""
    command = [sys.executable, "-P", "-m", "cli", "import", what, str(DATA / name)]
    command += ["--as", "ops-centre", "--var", str(installation.layout.var), *more]
    return subprocess.Popen(  # noqa: S603 - our own command
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


async def counts(process: "subprocess.Popen[str]") -> dict[str, int]:
    """What the finished command says: how many new, amended, unchanged, rejected."""
    said, _ = await asyncio.to_thread(process.communicate)
    assert process.returncode == 0, said
    done = next(line for line in said.splitlines() if "Done in" in line)
    return {word: int(count) for count, word in re.findall(r"(\d+) ([a-z]+)", done.split(":")[1])}


async def there(partner: Partner, system: str) -> list[str]:
    """The external ids of one system that the partner sees, in any status."""
    views = await partner.all_pages("/v1/organisations")
    known = [each for view in views for each in view["external_ids"]]
    return [each["id"] for each in known if each["system"] == system]


async def has_begun(partner: Partner, system: str) -> bool:
    newest = await partner.get("/v1/organisations", page_size="1", sort="-recorded_at")
    return any(known["system"] == system for v in newest["items"] for known in v["external_ids"])


async def test_killed_half_way_and_run_again_every_organisation_is_there_once(
    installation: Installation, everybody: Everybody, tmp_path: Path
) -> None:
    file, system = "somalia_organisations.json", "iati-org-map"
    first = imported(installation, tmp_path, "organisations", file)
    async with asyncio.timeout(WAIT_SECONDS):
        while not await has_begun(everybody["ops-centre"], system):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
    first.kill()
    await asyncio.to_thread(first.communicate)
    second = await counts(imported(installation, tmp_path, "organisations", file))
    third = await counts(imported(installation, tmp_path, "organisations", file))
    assert 0 < second["new"] < TOTAL
    assert second["new"] + second["unchanged"] == TOTAL
    assert third == {"new": 0, "amended": 0, "unchanged": TOTAL, "rejected": 0}
    found = await there(everybody["ops-centre"], system)
    assert len(found) == len(set(found)) == TOTAL
    assert {"Alliance for Health Policy and Systems Research AHPSR ", "CARE Benin/Togo"} <= {*found}
    assert "duplicate," in (tmp_path / "somalia_organisations.reasons.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "total"), [("pcodes_south_sudan_somalia.csv", 201), ("somalia_locations.json", 4473)]
)
async def test_gazetteers_are_loaded_whole_with_their_parents(
    installation: Installation, tmp_path: Path, name: str, total: int
) -> None:
    told = await counts(imported(installation, tmp_path, "places", name))
    assert (sum(told.values()), told["rejected"]) == (total, 0)
