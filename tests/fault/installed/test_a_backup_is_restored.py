"""Fault: the disk is lost, or what is on it is wrong, and a backup is put back.

Promise: what was acknowledged before the backup is there, chains, keys and attachments included; what the bus
still holds comes back; and whoever was erased since the backup stays erased (I15). Slow: starts everything
three times.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from deploy.local.layout import ROOT, Layout
from tests.e2e.conftest import APPROVER, provisioned
from tests.e2e.partner import Partner, Persona
from tests.stack.installation import Installation, started_in
from tests.stack.servers import temporary_layout

PDF = b"%PDF-1.7 invented minutes"
LABEL = {"level": "unclassified", "releasable_to": [["mil"]]}
PATIENCE_SECONDS = 90
LOOK_AGAIN_SECONDS = 0.2
BETWEEN_WRITES_SECONDS = 0.05
COMMAND_SECONDS = 120
Json = dict[str, Any]  # Any: what the gateway answers


@dataclass(frozen=True)
class Told:
    """What was written, and what must be found again or never. `late`: after the backup."""

    canary: str
    erased: str
    kept: str
    name: str
    late: str
    attachment: str
    acknowledged: list[str]


@asynccontextmanager
async def two(running: Installation) -> AsyncIterator[tuple[Partner, Partner]]:
    """An officer, and who approves removals in the same organisation."""
    second = Persona.of(await asyncio.to_thread(provisioned, running, APPROVER))
    async with (
        _officer(running) as officer,
        Partner(running.gateway_url, second) as approver,
    ):
        yield officer, approver


def _officer(running: Installation) -> Partner:
    return Partner(running.gateway_url, Persona.of(running.demo["personas"][0]))


def cli(name: str, layout: Layout, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-P", "-m", "cli", name, "--var", str(layout.var), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )


async def _history(running: Installation, backup: Path) -> Told:
    """Records, a backup in the midst of writes, then an erasure, other keys, and one record more."""
    async with two(running) as (officer, approver):
        canary, name = f"Q{uuid4().hex}", f"Q{uuid4().hex}"
        erased = await made_person(officer, canary)
        kept = await made_person(officer, name)
        attachment = await _attachment(officer)
        written: list[str] = []
        writing = asyncio.create_task(_write(officer, written))
        await _until(lambda: len(written) > 5)
        before = list(written)
        done = await asyncio.to_thread(cli, "backup", running.layout, "--to", str(backup))
        writing.cancel()
        assert done.returncode == 0, done.stdout + done.stderr
        await erased_by(officer, approver, erased)
        await until_removed(officer, erased)
        rotated = await asyncio.to_thread(cli, "keys", running.layout, "rotate")
        assert rotated.returncode == 0, rotated.stdout + rotated.stderr
        late = (await officer.post("/v1/engagements", _meeting("Written late")))["id"]
    return Told(canary, erased, kept, name, late, attachment, before)


async def test_a_restore_brings_back_everything_but_what_was_removed_since(tmp_path: Path) -> None:
    backup = tmp_path / "backups" / "one"
    with temporary_layout() as layout:
        with started_in(layout) as running:
            told = await _history(running, backup)
        done = cli("restore", layout, str(backup), "--over")
        assert done.returncode == 0, done.stdout + done.stderr
        with started_in(layout) as running:
            await _is_whole(running, told)
            await _is_there(running, told.late)
        assert _holding(layout, told.canary) == []
        with temporary_layout() as elsewhere:
            ledgers = str(layout.removed)
            done = cli("restore", elsewhere, str(backup), "--removed", ledgers)
            assert done.returncode == 0, done.stdout + done.stderr
            with started_in(elsewhere) as running:
                await _is_whole(running, told)
            assert _holding(elsewhere, told.canary) == []


async def _is_whole(running: Installation, told: Told) -> None:
    await running.until_ready()
    async with _officer(running) as officer:
        await until_removed(officer, told.erased)
        left = await officer.get(f"/v1/people/{told.erased}")
        assert told.canary not in json.dumps(left)
        kept = await officer.get(f"/v1/people/{told.kept}")
        assert told.name in json.dumps(kept)
        path = f"/v1/attachments/{told.attachment}/content"
        async with officer.session.get(path, headers=officer.headers) as answer:
            assert (answer.status, await answer.read()) == (200, PDF)
        for record in told.acknowledged:
            await officer.get(f"/v1/engagements/{record}")
        await officer.post("/v1/engagements", _meeting("Written after the restore"))
    verified = await asyncio.to_thread(cli, "verify", running.layout)
    assert verified.returncode == 0, verified.stdout


async def _is_there(running: Installation, record: str) -> None:
    async with _officer(running) as officer:
        view = await officer.get(f"/v1/engagements/{record}")
        assert view["purpose"]["text"] == "Written late"


async def made_person(officer: Partner, name: str) -> str:
    body = {"described_as": "Elder", "identity": {"name": name}, "label": LABEL}
    made = await officer.post("/v1/people", body)
    await officer.get(f"/v1/people/{made['id']}", at_least=made["position"])
    return str(made["id"])


async def _attachment(officer: Partner) -> str:
    promise = {
        "direction": "by_us",
        "what": "Grade the road",
        "to": {"organisation_id": officer.persona.organisation_id},
        "due_at": "2031-03-01T09:00:00Z",
        "label": LABEL,
    }
    made = await officer.post("/v1/commitments", promise)
    path = f"/v1/commitments/{made['id']}/attachments?name=minutes.pdf"
    headers = officer.headers | {
        "Idempotency-Key": uuid4().hex,
        "Content-Type": "application/pdf",
    }
    async with officer.session.post(path, data=PDF, headers=headers) as answer:
        told: Json = await answer.json(content_type=None)
        assert answer.status == 201, told
    return str(told["id"])


async def _write(officer: Partner, written: list[str]) -> None:
    while True:
        made = await officer.post("/v1/engagements", _meeting("Written meanwhile"))
        written.append(made["id"])
        await asyncio.sleep(BETWEEN_WRITES_SECONDS)


def _meeting(purpose: str) -> Json:
    return {
        "purpose": purpose,
        "type": "routine_liaison",
        "starts_at": "2031-06-02T09:00:00Z",
        "label": LABEL,
    }


async def erased_by(officer: Partner, approver: Partner, person: str) -> None:
    """Approved; others go on with it."""
    asked = {"ground": "erasure", "reason": "Invented reason"}
    await officer.post(f"/v1/people/{person}/ask_removal", asked)
    await approver.post(f"/v1/people/{person}/approve_removal", {})


async def until_removed(officer: Partner, person: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            status, told, _ = await officer.call("GET", f"/v1/records/{person}/removal")
            if status == 200 and (told["removal"] or {}).get("state") == "done":
                return
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _until(condition: Any) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _holding(layout: Layout, canary: str) -> list[str]:
    """Files of the stopped installation that hold it."""
    needle = canary.encode()
    files = (Path(folder, name) for folder, _, names in os.walk(layout.var) for name in names)
    return [str(path) for path in files if path.is_file() and needle in path.read_bytes()]
