"""What the run on a real engine looks at."""

import asyncio
import re
from typing import Any

from tests.deploy.engine import Engine
from tests.e2e.partner import Partner, Persona

FEED_SECONDS = 30.0
REQUIRED = ("PARLEY_SECRETS", "PARLEY_MISSION", "PARLEY_EXERCISE", "PARLEY_PUBLIC_URL")
PLAN = {
    "purpose": "Weekly security meeting",
    "type": "routine_liaison",
    "starts_at": "2030-01-02T09:00:00Z",
    "duration_minutes": 60,
    "label": {"level": "confidential", "releasable_to": [["mil"]]},
}
# Asks PostgreSQL for an unencrypted connection, as an operator who forgot the settings would.
CLEAR = """
import asyncio, asyncpg, json, sys
password = json.load(open("/run/secrets/database.json"))["parley_contacts_app"]
try:
    asyncio.run(asyncpg.connect(host="postgres", user="parley_contacts_app", password=password,
                                database="parley_contacts", ssl=False, timeout=10))
except asyncpg.InvalidAuthorizationSpecificationError:
    sys.stdout.write("refused")
"""
# Asks Prometheus until every part is well by its account. Its network reaches nobody outside.
OBSERVED = """
import json, sys, time, urllib.parse, urllib.request
query = urllib.parse.quote("count(probe_success == 1)")
end = time.monotonic() + 90
while time.monotonic() < end:
    try:
        with urllib.request.urlopen(f"http://prometheus:9090/api/v1/query?query={query}") as answer:
            found = json.load(answer)["data"]["result"]
    except OSError:
        found = []
    if found and found[0]["value"][1] == "8":
        sys.exit(sys.stdout.write("well") and 0)
    time.sleep(1)
sys.exit(f"not well: {found}")
"""


def unset_settings_are_named(engine: Engine) -> None:
    for name in REQUIRED:
        assert name in engine.refusal("config", "-q", **{name: ""}), name


def everybody_is_confined(engine: Engine) -> None:
    """Not root, no capabilities, nothing writable but what was given, no port but the gateway's."""
    for container in engine.containers():
        name, host = container["Name"], container["HostConfig"]
        assert container["Config"]["User"] == "10001:10001", name
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert "no-new-privileges:true" in host["SecurityOpt"], name
        assert host["Memory"] > 0, name
        bound = [one for ports in (host["PortBindings"] or {}).values() for one in ports]
        assert all(one["HostIp"] == "127.0.0.1" for one in bound), name
        assert bool(bound) == bool(re.search("gateway", name) and "migrate" not in name), name


def servers_refuse_clear_text(engine: Engine) -> None:
    assert engine("run", "--rm", "-T", "databases", "python", "-c", CLEAR).endswith("refused")


def every_part_is_observed(engine: Engine) -> None:
    """Four services, the bus in two ways, two database servers."""
    told = engine("run", "--rm", "-T", "--no-deps", "databases", "python", "-c", OBSERVED)
    assert told.endswith("well")


async def a_write_is_seen_on_the_feed(gateway: str, persona: dict[str, Any]) -> None:
    async with Partner(gateway, Persona.of(persona)) as partner, partner.feed() as events:
        made = await partner.post("/v1/engagements", PLAN)
        async with asyncio.timeout(FEED_SECONDS):
            assert await anext(event async for event in events if made["id"] in event.data)
