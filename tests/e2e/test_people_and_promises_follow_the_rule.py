"""People and commitments with every kind of label: each persona sees exactly what the rule says."""

import asyncio

import pytest

from shared.contracts.event import Group
from shared.ids import Kind
from shared.policy import Policy
from tests.e2e.conftest import Everybody
from tests.e2e.partner import Partner
from tests.e2e.test_each_audience_sees_its_own_truth import seen_by
from tests.e2e.world import GROUPS, Known, write_world

PLURALS = {Kind.PERSON: "people", Kind.COMMITMENT: "commitments"}
WORDS = {
    Kind.PERSON: (Group.BASE, Group.IDENTITY, Group.PROTOCOL),
    Kind.COMMITMENT: (Group.BASE,),
}
PERSONAS = ("liaison-officer", "un-agency", "ngo-forum", "municipality", "security-officer")

pytestmark = [
    pytest.mark.parametrize("persona", PERSONAS),
    pytest.mark.parametrize("kind", sorted(PLURALS)),
]
# What is left to ask falls with every request, whatever it is for.
VARYING = ("date", "x-request-id", "ratelimit")


@pytest.fixture(scope="session")
async def worlds(everybody: Everybody, policy: Policy) -> dict[Kind, list[Known]]:
    writer = everybody["liaison-officer"]
    written = {
        kind: await write_world(writer, policy, f"qw{kind.value[0]}", kind) for kind in PLURALS
    }
    # The writer reads his own last writes, so from here on everybody's reads include them.
    await writer.get("/v1/records", page_size="1")
    return written


async def test_the_list_holds_exactly_what_is_releasable(
    persona: str, kind: Kind, everybody: Everybody, worlds: dict[Kind, list[Known]], policy: Policy
) -> None:
    partner, world = everybody[persona], worlds[kind]
    listed = {item["id"] for item in await partner.all_pages(f"/v1/{PLURALS[kind]}")}
    assert listed & {record.id for record in world} == seen_by(world, partner, policy).keys()


async def test_a_record_shows_exactly_the_groups_that_are_releasable(
    persona: str, kind: Kind, everybody: Everybody, worlds: dict[Kind, list[Known]], policy: Policy
) -> None:
    partner, world = everybody[persona], worlds[kind]
    expected = seen_by(world, partner, policy)
    for record in world:
        status, body, _ = await partner.call("GET", f"/v1/{PLURALS[kind]}/{record.id}")
        groups = expected.get(record.id, frozenset())
        words = {g for g in WORDS[kind] if f"{record.word}{g}" in str(body)}
        assert status == (200 if groups else 404)
        assert words == groups & set(WORDS[kind])
        if groups:
            assert set(body["withheld"]) == set(GROUPS[kind]) - groups


async def test_search_finds_exactly_the_words_that_are_releasable(
    persona: str, kind: Kind, everybody: Everybody, worlds: dict[Kind, list[Known]], policy: Policy
) -> None:
    partner, world = everybody[persona], worlds[kind]
    expected = seen_by(world, partner, policy)
    for record in world[::6]:
        groups = expected.get(record.id, frozenset())
        for group in WORDS[kind]:
            found = await partner.get("/v1/records", q=f"{record.word}{group}")
            hit = record.id in [item["id"] for item in found["items"]]
            assert hit == (group in groups)


async def test_hidden_answers_as_absent_byte_for_byte(
    persona: str, kind: Kind, everybody: Everybody, worlds: dict[Kind, list[Known]], policy: Policy
) -> None:
    partner, world = everybody[persona], worlds[kind]
    absent = f"{kind.value}_{'0' * 26}"
    hidden = [r.id for r in world if r.id not in seen_by(world, partner, policy)]
    expected = await _raw(partner, kind, absent)
    answers = await asyncio.gather(*(_raw(partner, kind, one) for one in hidden))
    told = {answer.replace(r, absent) for r, answer in zip(hidden, answers, strict=True)}
    assert told <= {expected}


async def _raw(partner: Partner, kind: Kind, record_id: str) -> str:
    """Every answer about one record, as text without what differs between any two requests."""
    verbs = {Kind.PERSON: ("read_private", "retire"), Kind.COMMITMENT: ("acknowledge", "accept")}
    base = f"/v1/{PLURALS[kind]}/{record_id}"
    told = []
    for method, path in (
        ("GET", base),
        ("GET", f"/v1/records/{record_id}/history"),
        ("GET", f"/v1/records/{record_id}/edges"),
        *(("POST", f"{base}/{verb}") for verb in (*verbs[kind], "no-such-verb")),
    ):
        key = {"Idempotency-Key": f"same-{record_id}-{path}"} if method == "POST" else {}
        status, body, headers = await partner.call(
            method, path, {} if method == "POST" else None, headers=key
        )
        body.pop("request_id", None)
        kept = {n: v for n, v in headers.items() if n.lower() not in VARYING}
        told.append(f"{status} {body} {sorted(kept.items())}")
    return "\n".join(told)
