"""For one set of records each persona's list, search, map, record, feed and page follow the rule."""

import asyncio
from collections.abc import Iterable

import pytest

from shared.contracts.engagements import GROUPS
from shared.contracts.event import FINER, Group
from shared.ids import Kind
from shared.policy import Policy
from tests.e2e.browserless import signed_in, whole_list
from tests.e2e.conftest import Everybody
from tests.e2e.partner import Partner
from tests.e2e.world import Known, clearance, readable_groups, write_world

PERSONAS = (
    "liaison-officer",
    "ops-centre",
    "un-agency",
    "ngo-forum",
    "municipality",
    "security-officer",
)
WRITERS = ("liaison-officer", "un-agency")
GROUPS_WITH_WORDS = (Group.BASE, Group.IDENTITY, Group.EXACT_PLACE)
MALAKAL_MAP = {"bbox": "31,9,32.5,10.5", "zoom": "14"}
ABSENT = "engagement_00000000000000000000000000"

pytestmark = pytest.mark.parametrize("persona", PERSONAS)
# What is left to ask falls with every request, whatever it is for.
VARYING = ("date", "x-request-id", "ratelimit")


@pytest.fixture(scope="session")
async def world(everybody: Everybody, policy: Policy) -> list[Known]:
    written = []
    for number, writer in enumerate(WRITERS):
        written += await write_world(everybody[writer], policy, mark=f"qz{'xy'[number]}")
        # A writer reads his own last write, so from here on everybody's reads include it.
        await everybody[writer].get("/v1/records", page_size="1")
    return written


def seen_by(
    world: Iterable[Known], partner: Partner, policy: Policy
) -> dict[str, frozenset[Group]]:
    reader = clearance(partner.persona, policy)
    seen = {record.id: readable_groups(record, reader, policy) for record in world}
    return {record_id: groups for record_id, groups in seen.items() if groups}


async def test_the_list_holds_exactly_what_is_releasable(
    persona: str, everybody: Everybody, world: list[Known], policy: Policy
) -> None:
    partner = everybody[persona]
    listed = await partner.all_pages(
        "/v1/engagements", **{"from": "2031-03-01", "to": "2031-04-01"}
    )
    ours = {record.id for record in world}
    assert {item["id"] for item in listed} & ours == seen_by(world, partner, policy).keys()


async def test_a_record_shows_exactly_the_groups_that_are_releasable(
    persona: str, everybody: Everybody, world: list[Known], policy: Policy
) -> None:
    partner = everybody[persona]
    expected = seen_by(world, partner, policy)
    for record in world:
        status, body, _ = await partner.call("GET", f"/v1/engagements/{record.id}")
        groups = expected.get(record.id, frozenset())
        words = {g for g in GROUPS_WITH_WORDS if f"{record.word}{g}" in str(body)}
        assert status == (200 if groups else 404)
        assert words == groups & set(GROUPS_WITH_WORDS)
        if groups:
            # None of these has finer groups: their times and places stand in the base.
            told_apart = set(GROUPS[Kind.ENGAGEMENT]) - FINER
            assert set(body["withheld"]) == told_apart - groups


async def test_search_finds_exactly_the_words_that_are_releasable(
    persona: str, everybody: Everybody, world: list[Known], policy: Policy
) -> None:
    partner = everybody[persona]
    expected = seen_by(world, partner, policy)
    for record in world[::5]:
        groups = expected.get(record.id, frozenset())
        for group in GROUPS_WITH_WORDS:
            found = await partner.get("/v1/records", q=f"{record.word}{group}")
            assert [item["id"] for item in found["items"]] == [record.id] * (group in groups)


async def test_the_map_shows_exactly_what_is_releasable(
    persona: str, everybody: Everybody, world: list[Known], policy: Policy
) -> None:
    partner = everybody[persona]
    drawn = await partner.get(
        "/v1/records/map", **MALAKAL_MAP, **{"from": "2031-03-01", "to": "2031-04-01"}
    )
    total = sum(f["properties"].get("count", 1) for f in drawn["features"])
    assert total == len(seen_by(world, partner, policy))


async def test_the_changes_tell_exactly_what_is_releasable(
    persona: str, everybody: Everybody, world: list[Known], policy: Policy
) -> None:
    partner = everybody[persona]
    told, cursor = set(), everybody.beginning[persona]
    while True:
        page = await partner.get("/v1/changes", since=cursor)
        told |= {change["id"] for change in page["items"]}
        if not page["items"]:
            break
        cursor = page["next_cursor"]
    ours = {record.id for record in world}
    assert told & ours == seen_by(world, partner, policy).keys()


async def test_the_page_lists_exactly_what_is_releasable(
    persona: str, everybody: Everybody, world: list[Known], policy: Policy
) -> None:
    partner = everybody[persona]
    async with signed_in(partner) as browser:
        shown = await whole_list(browser, "/engagements?from=2031-03-01&to=2031-04-01")
    ours = {record.id for record in world if record.id in shown}
    assert ours == seen_by(world, partner, policy).keys()
    hidden = [r for r in world if r.id not in ours]
    assert not [r.word for r in hidden if f"{r.word}base" in shown]


async def test_hidden_answers_as_absent_byte_for_byte(
    persona: str, everybody: Everybody, world: list[Known], policy: Policy
) -> None:
    partner = everybody[persona]
    hidden = [r.id for r in world if r.id not in seen_by(world, partner, policy)]
    absent = await raw(partner, ABSENT)
    answers = await asyncio.gather(*(raw(partner, record_id) for record_id in hidden))
    assert {answer.replace(r, ABSENT) for r, answer in zip(hidden, answers, strict=True)} <= {
        absent
    }


async def raw(partner: Partner, record_id: str) -> str:
    """Every answer about one record, as text without what differs between any two requests."""
    told = []
    for method, path in (
        ("GET", f"/v1/engagements/{record_id}"),
        ("GET", f"/v1/records/{record_id}/history"),
        ("GET", f"/v1/records/{record_id}/edges"),
        ("POST", f"/v1/engagements/{record_id}/confirm"),
        ("POST", f"/v1/engagements/{record_id}/no-such-verb"),
    ):
        key = {"Idempotency-Key": f"same-{record_id}-{path}"} if method == "POST" else {}
        status, body, headers = await partner.call(
            method, path, {} if method == "POST" else None, headers=key
        )
        body.pop("request_id", None)
        kept = {n: v for n, v in headers.items() if n.lower() not in VARYING}
        told.append(f"{status} {body} {sorted(kept.items())}")
    return "\n".join(told)
