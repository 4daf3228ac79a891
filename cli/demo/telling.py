"""Sends the demo's records in the order of the scenario's clock, each as the organisation that made it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from cli.client import GatewayClient, GatewayError, batches_of
from cli.demo.acts import SYSTEM, Act, Json, made, resolved
from cli.demo.material import Organisation
from cli.demo.people import holders, people, person_body, post_body, post_key
from shared.importing.plan import Item, Plan, waves

OK_BELOW = 300
STEPS = 4
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


async def register_people(gateway: GatewayClient, account: str, at: datetime, told: Told) -> None:
    """Everybody, the posts they hold, and who held them before. Raises GatewayError."""
    known, today = people(), at.date()
    items = [_put(one.key, person_body(one, told.ids), at, SYSTEM) for one in known]
    await _send(gateway, account, "people", items, told)
    filled = [one for one in known if one.post]
    posts = [_put(post_key(one), post_body(one, told.ids), at, SYSTEM) for one in filled]
    await _send(gateway, account, "posts", posts, told)
    taken = [
        _took(post_key(one), number, body, at, told)
        for one in filled
        for number, body in enumerate(holders(one, told.ids, today))
    ]
    await _send(gateway, account, "posts", taken, told)


async def tell_acts(
    gateways: Mapping[str, GatewayClient], acts: Sequence[Act], told: Told, say: Say
) -> None:
    """Acts in order; those of one account about one kind that follow one another go in one batch."""
    done = 0
    for (account, plural), following in groupby(acts, key=lambda act: (act.account, act.plural)):
        run = list(following)
        made_here = {act.subject for act in run if act.makes}
        items = [_act(act, told, made_here) for act in run]
        await _send(gateways[account], account, plural, items, told)
        before, done = done, done + len(run)
        if done * STEPS // len(acts) > before * STEPS // len(acts):
            say(f"  {done} of {len(acts)} entries")


def _act(act: Act, told: Told, made_here: set[str]) -> Json:
    item: Json = {
        "key": act.key,
        "action": act.action,
        "scenario_time": act.at.isoformat(),
        "body": resolved(act.body, told.ids),
    }
    if act.makes:
        return item
    making = made(act.subject)
    return item | {"id": f"@{making}" if act.subject in made_here else told.ids[making]}


def _took(post: str, number: int, body: Json, at: datetime, told: Told) -> Json:
    return {
        "key": f"{SYSTEM}-{post}-take-{number}",
        "action": "take",
        "id": told.ids[post],
        "scenario_time": at.isoformat(),
        "body": body,
    }


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
