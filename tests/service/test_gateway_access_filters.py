"""Lists of access records over the API, narrowed by what a security officer asks after."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World, run_world

WHY = {"reason": "For the exercise"}


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url) as made:
        yield made


@pytest.fixture(scope="module")
async def officer(world: World) -> dict[str, str]:
    return await world.bearer("officer")


async def listed(world: World, officer: dict[str, str], asked: str) -> list[str]:
    """Names, in the order they are told."""
    answer, told = await call(world, "GET", f"/v1/access/{asked}", officer)
    assert answer.status == 200, told
    return [row.get("username") or row["name"] for row in told["items"]]


async def one(world: World, officer: dict[str, str], asked: str) -> Any:
    _, told = await call(world, "GET", f"/v1/access/{asked}", officer)
    [row] = told["items"]
    return row


async def acted(world: World, officer: dict[str, str], path: str, **body: Any) -> None:
    answer, told = await call(
        world, "POST", f"/v1/access/{path}", keyed(officer) | {"If-Match": "*"}, WHY | body
    )
    assert answer.status == 200, told


@pytest.fixture(scope="module")
async def granted(world: World, officer: dict[str, str]) -> None:
    """Ben holds a caveat until the end of 2098."""
    ben = await one(world, officer, "people?q=ben")
    until = {"kind": "caveat", "name": "SOURCE", "expires_at": "2098-12-31T00:00:00Z"}
    await acted(world, officer, f"people/{ben['id']}/grant", **until)


async def test_people_are_found_by_role_community_and_caveat(world, officer, granted) -> None:
    assert await listed(world, officer, "people?role=witness") == ["witness"]
    assert await listed(world, officer, "people?caveat=SOURCE") == ["ben"]
    assert await listed(world, officer, "people?caveat=SOURCE&role=witness") == []
    assert len(await listed(world, officer, "people?community=un")) == len(world.people)
    assert await listed(world, officer, "people?community=un&q=ANN") == ["ann"]


async def test_people_are_found_by_when_a_grant_ends(world, officer, granted) -> None:
    assert await listed(world, officer, "people?expires_by=2098-12-31T00:00:00Z") == ["ben"]
    assert await listed(world, officer, "people?expires_by=2098-12-30T00:00:00Z") == []


async def test_people_and_clients_are_found_by_organisation(world, officer) -> None:
    home = (await one(world, officer, "people?q=ann"))["organisation_id"]
    assert await listed(world, officer, f"people?organisation={home}") == ["ann"]
    client = await one(world, officer, f"clients?organisation={home}")
    assert client["account_id"] == "ann"
    assert await listed(world, officer, "clients?organisation=organisation_nobody") == []


async def test_a_client_is_found_by_what_its_person_holds(world, officer, granted) -> None:
    client = await one(world, officer, "clients?role=witness")
    assert client["account_id"] == "witness"
    assert [await one(world, officer, "clients?account=witness")] == [client]
    assert (await one(world, officer, "clients?caveat=SOURCE"))["account_id"] == "ben"


async def test_status_tells_the_suspended_from_the_others(world, officer) -> None:
    loader = await one(world, officer, "clients?account=loader")
    await acted(world, officer, f"clients/{loader['id']}/suspend")
    assert await listed(world, officer, "clients?status=suspended") == [loader["name"]]
    assert loader["name"] not in await listed(world, officer, "clients?status=active")


async def test_partners_are_found_by_their_level(world, officer) -> None:
    levels = {
        (await one(world, officer, f"partners?q={quote(name)}"))["level"]
        for name in await listed(world, officer, "partners")
    }
    by_level = {level: await listed(world, officer, f"partners?level={level}") for level in levels}
    told = sorted(name for names in by_level.values() for name in names)
    assert told == sorted(await listed(world, officer, "partners"))


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        ("people?status=gone", "?status", "invalid"),
        ("people?expires_by=soon", "?expires_by", "invalid"),
        ("people?expires_by=2030-01-01T00:00:00", "?expires_by", "invalid"),
        ("people?expires_by=1.5", "?expires_by", "invalid"),
        ("people?expires_by=0001-01-01T00:00:00%2B01:00", "?expires_by", "invalid"),
        ("people?account=ann", "?account", "unknown_parameter"),
        ("partners?role=witness", "?role", "unknown_parameter"),
        ("people?role=", "?role", "invalid"),
        ("people?count=many", "?count", "invalid"),
    ],
)
async def test_what_is_no_filter_is_named(world, officer, asked, pointer, code) -> None:
    answer, told = await call(world, "GET", f"/v1/access/{asked}", officer)
    assert (answer.status, told["errors"][0]["pointer"]) == (400, pointer)
    assert told["errors"][0]["code"] == code


async def test_pages_of_a_narrowed_list_are_full_in_order_and_counted(world, officer) -> None:
    path = "people?level=confidential"
    everybody = await listed(world, officer, path)
    answer, first = await call(world, "GET", f"/v1/access/{path}&page_size=2&count=true", officer)
    assert (first["count"], len(first["items"])) == (len(everybody), 2)
    following = answer.links["next"]["url"]
    _, second = await call(world, "GET", following.path_qs, officer)
    told = [row["username"] for row in first["items"] + second["items"]]
    assert told == everybody[:4]
    assert "password_id" not in first["items"][0]


async def test_a_cursor_goes_on_with_its_own_question_only(world, officer) -> None:
    _, told = await call(world, "GET", "/v1/access/people?page_size=1", officer)
    others = f"/v1/access/people?page_size=1&status=active&cursor={told['next_cursor']}"
    answer, refused = await call(world, "GET", others, officer)
    assert (answer.status, refused["errors"][0]["pointer"]) == (400, "?cursor")
