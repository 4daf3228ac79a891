"""Sends the demo's records in the order of the scenario's clock, each as the organisation that made it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from cli.client import GatewayClient, GatewayError, batches_of
from cli.demo.accounts import approver, loader
from cli.demo.material import Organisation
from cli.demo.stories import Act
from cli.importing.plan import Item, Plan, waves

OK_BELOW = 300
STEPS = 4
SYSTEM = "demo"

Json = dict[str, Any]  # Any: JSON
Say = Callable[[str], None]


@dataclass
class Told:
    """Record ids by key, and each account's last sealed position."""

    ids: dict[str, str] = field(default_factory=dict)
    positions: dict[str, str] = field(default_factory=dict)


async def register(
    gateway: GatewayClient,
    account: str,
    organisations: Sequence[Organisation],
    at: datetime,
    told: Told,
) -> None:
    """Affiliations name records, so whoever is above comes first. Raises GatewayError."""
    known = {each.key: each for each in organisations}
    items = tuple(Item(each.key, each.key, {}, each.affiliation) for each in organisations)
    for wave in waves(items):
        bodies = {item.key: _organisation(known[item.key], told.ids) for item in wave}
        puts = [_put(key, body, at, SYSTEM) for key, body in bodies.items()]
        await _send(gateway, account, "organisations", puts, told)


async def register_places(
    gateway: GatewayClient, account: str, plan: Plan, at: datetime, told: Told
) -> None:
    for wave in waves(plan.items):
        items = []
        for item in wave:
            parent = {"parent_id": told.ids[item.parent]} if item.parent in told.ids else {}
            items.append(_put(item.key, item.body | parent, at, plan.system))
        await _send(gateway, account, "places", items, told)


async def tell_acts(
    gateways: Mapping[str, GatewayClient], acts: Sequence[Act], told: Told, say: Say
) -> None:
    """Acts in order; those of one account that follow one another go in one batch."""
    done = 0
    for account, following in groupby(acts, key=_account):
        run = list(following)
        made_here = {act.story for act in run if _makes(act)}
        items = [_act(act, told, made_here) for act in run]
        await _send(gateways[account], account, "engagements", items, told)
        before, done = done, done + len(run)
        if done * STEPS // len(acts) > before * STEPS // len(acts):
            say(f"  {done} of {len(acts)} entries")


def _account(act: Act) -> str:
    return approver(act.writer) if act.action == "approve" else loader(act.writer)


def _makes(act: Act) -> bool:
    return act.action in ("create", "record_held")


def _act(act: Act, told: Told, made_here: set[int]) -> Json:
    item: Json = {
        "key": _key(act.story, act.action),
        "action": act.action,
        "scenario_time": act.at.isoformat(),
        "body": act.body,
    }
    if _makes(act):
        return item
    making = _key(act.story, "create")
    return item | {"id": f"@{making}" if act.story in made_here else told.ids[making]}


def _key(story: int, action: str) -> str:
    return f"{SYSTEM}-{story:03d}-{action}"


def _put(key: str, body: Json, at: datetime, system: str) -> Json:
    named = f"{SYSTEM} put {system} {key}"
    return {
        "key": hashlib.sha256(named.encode()).hexdigest(),
        "action": "put_external",
        "system": system,
        "external_id": key,
        "scenario_time": at.isoformat(),
        "body": body,
    }


def _organisation(organisation: Organisation, ids: Mapping[str, str]) -> Json:
    body: Json = {
        "organisation_kind": organisation.kind.value,
        "name": {"text": organisation.name, "lang": "en"},
        "aliases": [alias.model_dump(exclude_none=True) for alias in organisation.aliases],
    }
    if organisation.short_name:
        body["short_name"] = {"text": organisation.short_name}
    if organisation.affiliation:
        body["affiliation"] = ids[organisation.affiliation]
    if organisation.audience:
        audience = list(organisation.audience)
        body["label"] = {"level": "unclassified", "releasable_to": [audience]}
    return body


async def _send(
    gateway: GatewayClient, account: str, plural: str, items: Sequence[Json], told: Told
) -> None:
    """Raises GatewayError: every item of the demo is meant to be accepted."""
    for part in batches_of(items):
        for item, answer in zip(part, await gateway.batch(plural, part), strict=True):
            if answer["status"] >= OK_BELOW:
                raise GatewayError(f"The demo's {item['key']} was refused: {answer['problem']}")
            told.ids[item.get("external_id") or item["key"]] = answer["id"]
            told.positions[f"{account} {plural}"] = answer["position"]
