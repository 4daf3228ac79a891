"""`python -m tests.deploy.run [--make-base | --base IMAGE]`: a whole life of an installation with compose.

Builds the images, starts them, waits until all are healthy, loads the demo, writes through the gateway,
sees the write on the feed, backs up and restores, and takes everything away again. Needs an engine; says so
when there is none.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

from cli.safekeeping.compose_keys import rotate
from deploy.docker.secrets import make
from deploy.local.state import free_port
from tests.deploy import checks
from tests.deploy.base import make_base
from tests.deploy.engine import Engine, NoEngineError, find_engine

USER = 10001
PROFILES = ("--profile", "demo", "--profile", "observability", "--profile", "operations")
BACKUP = "/var/lib/parley/backups/first"
SERVICES = ("gateway", "reporting", "engagements", "contacts")
BASE = "parley-base:test"
HEALTHY_SECONDS = 240.0
WORDS = 8_000
LOOK_AGAIN_SECONDS = 1.0
NO_ENGINE = 2
# Of containers that have no check: the prober and Prometheus, which are asked themselves.
WELL = {"Status": "healthy"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", help="the base image, when the default cannot be pulled")
    parser.add_argument("--make-base", action="store_true", help="make one from Debian's archive")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="parley-deploy-") as made:
        scratch = Path(made)
        try:
            engine = find_engine("parley-deploy-test", scratch / "env")
        except NoEngineError as absent:
            print(f"Not run: {absent}.")
            return NO_ENGINE
        if told.make_base:
            step("making the base image")
            make_base(BASE, scratch)
        gateway = _configure(scratch, BASE if told.make_base else told.base)
        return _live_and_leave(engine, gateway)


def _configure(scratch: Path, base: str | None) -> str:
    """Secrets and settings as an operator makes them; the gateway's address."""
    make(scratch / "secrets", (USER, USER))
    port = free_port()
    gateway = f"http://localhost:{port}"
    settings = {
        "MISSION": "deploy-test",
        "SITE": "hq",
        "EXERCISE": "true",
        "SECRETS": str(scratch / "secrets"),
        "UID": str(USER),
        "GID": str(USER),
        "PUBLIC_URL": gateway,
        "PORT": str(port),
    } | ({"BASE_IMAGE": base} if base else {})
    lines = [f"PARLEY_{name}={value}\n" for name, value in settings.items()]
    (scratch / "env").write_text("".join(lines))
    return gateway


def _live_and_leave(engine: Engine, gateway: str) -> int:
    # What a run that was killed left: its volumes have other secrets.
    engine(*PROFILES, "down", "-v", "--remove-orphans")
    try:
        _live(engine, gateway)
    except (CalledProcessError, TimeoutError, AssertionError) as failed:
        _tell(engine, failed)
        return 1
    finally:
        step("taking everything away")
        engine(*PROFILES, "down", "-v", "--rmi", "all", "--remove-orphans")
    assert engine.leftovers() == []
    step("nothing is left; all held")
    return 0


def _live(engine: Engine, gateway: str) -> None:
    step("an unset secret is named")
    checks.unset_settings_are_named(engine)
    step("building the images")
    engine("build")
    step("starting")
    engine("up", "-d")
    asyncio.run(_until_healthy(engine))
    step("everybody is confined")
    checks.everybody_is_confined(engine)
    checks.servers_refuse_clear_text(engine)
    step("loading the demo through the gateway")
    engine("run", "--rm", "demo")
    step("writing, and seeing it on the feed")
    asyncio.run(checks.a_write_is_seen_on_the_feed(gateway, _persona(engine)))
    step("observing (Grafana's image comes from a registry: left out)")
    engine("--profile", "observability", "up", "-d", "--build", "prober", "prometheus")
    checks.every_part_is_observed(engine)
    step("starting again changes nothing")
    engine("up", "-d")
    asyncio.run(_until_healthy(engine))
    step("partitions, new keys, a backup, and back from it")
    _kept_safe(engine)


def _kept_safe(engine: Engine) -> None:
    """As the operator's page says it. The demo that was written before is there afterwards."""
    secrets = engine.env_file.parent / "secrets"

    def operator(*asked: str) -> str:
        return engine("run", "--rm", "-T", "operator", *asked)

    operator("partitions")
    rotate(secrets)
    make(secrets, (USER, USER))
    operator("keys", "rotate", "--finish")
    operator("backup", "--to", BACKUP)
    engine("stop", *SERVICES)
    operator("restore", BACKUP, "--over")
    engine("up", "-d")
    asyncio.run(_until_healthy(engine))
    operator("verify")


def _tell(engine: Engine, failed: Exception) -> None:
    """What went wrong, who is not well, and the end of everybody's log."""
    print(f"{type(failed).__name__}: {failed}")
    if isinstance(failed, CalledProcessError):
        print((failed.stderr or failed.stdout)[-WORDS:])
    with suppress(CalledProcessError):
        print(engine("ps"))
        print(engine("logs", "--no-color", "--tail", "8")[-WORDS:])


async def _until_healthy(engine: Engine) -> None:
    """Every container that stays is healthy, every other one ended well. Raises TimeoutError."""
    async with asyncio.timeout(HEALTHY_SECONDS):
        while not all(_is_well(one["State"]) for one in engine.containers()):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _is_well(state: dict[str, Any]) -> bool:
    if state["Status"] == "exited":
        assert state["ExitCode"] == 0, state
        return True
    return (state["Status"], state.get("Health", WELL)["Status"]) == ("running", "healthy")


def _persona(engine: Engine) -> dict[str, Any]:
    demo = json.loads(engine("run", "--rm", "-T", "demo", "cat", "/var/lib/parley/demo/demo.json"))
    return next(one for one in demo["personas"] if one["id"] == "liaison-officer")


def step(words: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.0f} s  {words}", flush=True)


BEGAN = time.monotonic()

if __name__ == "__main__":
    sys.exit(main())
