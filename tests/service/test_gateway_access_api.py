"""Access administered over the API: by administrators only, in force on every replica, with its history."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World, basic, run_replica, run_world

WHY = {"reason": "Joined the mission"}
SECONDS = 5


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url) as made:
        yield made


@pytest.fixture(scope="module")
async def officer(world: World) -> dict[str, str]:
    return await world.bearer("officer")


async def found(world: World, officer: dict[str, str], family: str, words: str) -> Any:
    """Ids are looked into as well, and some of chance may hold the word."""
    _, told = await call(world, "GET", f"/v1/access/{family}?q={words}", officer)
    [row] = [one for one in told["items"] if words in one.values()]
    return row


async def acted(
    world: World, officer: dict[str, str], family: str, words: str, verb: str, **body: Any
) -> tuple[Any, Any]:
    row = await found(world, officer, family, words)
    path = f"/v1/access/{family}/{row['id']}/{verb}"
    return await call(world, "POST", path, keyed(officer), WHY | body)


async def is_out(world: World, headers: dict[str, str]) -> None:
    async with asyncio.timeout(SECONDS):
        while (await world.http.get("/v1/records", headers=headers)).status != 401:
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "people"),
        ("POST", "people"),
        ("GET", "clients/none"),
        ("GET", "clients/none/history"),
        ("POST", "partners/none/suspend"),
        ("POST", "partners/none/no_such_verb"),
    ],
)
async def test_nobody_but_administrators_is_told_anything(
    world: World, method: str, path: str
) -> None:
    headers = keyed(await world.bearer("ann"))
    answer, told = await call(world, method, f"/v1/access/{path}", headers)
    assert (answer.status, told["code"]) == (403, "forbidden")


async def test_a_person_is_enrolled_given_a_password_and_signs_in(world: World, officer) -> None:
    home = (await found(world, officer, "people", "ann"))["organisation_id"]
    body = {"username": "nadia", "display_name": "Nadia", "organisation_id": home}
    answer, made = await call(
        world, "POST", "/v1/access/people", keyed(officer), body | WHY | {"level": "public"}
    )
    assert (answer.status, answer.headers["Location"]) == (201, f"/v1/access/people/{made['id']}")
    path = f"/v1/access/people/{made['id']}/reset_password"
    _, given = await call(world, "POST", path, keyed(officer), WHY)
    form = {"username": "nadia", "password": given["secret"], "next": "/here"}
    async with world.http.post("/sign-in", data=form, allow_redirects=False) as signed_in:
        assert signed_in.headers["Location"] == "/password?done=first"


async def test_a_request_repeated_tells_the_same_secret_and_makes_no_other(
    world: World, officer
) -> None:
    row = await found(world, officer, "clients", "loader")
    path, headers = f"/v1/access/clients/{row['id']}/add_secret", keyed(officer)
    _, first = await call(world, "POST", path, headers, WHY)
    answer, again = await call(world, "POST", path, headers, WHY)
    assert (again["secret"], answer.headers["Idempotency-Replayed"]) == (first["secret"], "true")
    after = await found(world, officer, "clients", "loader")
    assert len(after["credentials"]) == 2


async def test_an_old_secret_holds_during_the_overlap_and_not_without(
    world: World, officer
) -> None:
    async def status(secret: str) -> int:
        headers, form = basic("witness-client", secret), {"grant_type": "client_credentials"}
        async with world.http.post("/oauth/token", data=form, headers=headers) as answer:
            return answer.status

    old = world.people["witness"]["client_secret"]
    _, new = await acted(world, officer, "clients", "witness", "add_secret", overlap_hours=1)
    assert [await status(old), await status(new["secret"])] == [200, 200]
    _, newest = await acted(world, officer, "clients", "witness", "add_secret", overlap_hours=0)
    told = [await status(each) for each in (old, new["secret"], newest["secret"])]
    assert told == [401, 401, 200]


async def test_whom_one_replica_suspends_every_other_has_out_within_five_seconds(
    world: World, officer
) -> None:
    headers = await world.bearer("ben")
    async with run_replica(world) as other:
        assert (await other.http.get("/v1/records", headers=headers)).status == 200
        await acted(world, officer, "people", "ben", "suspend")
        await is_out(other, headers)
        await is_out(world, headers)
        await acted(other, officer, "people", "ben", "reinstate")
        assert (await other.http.get("/v1/records", headers=headers)).status == 200


async def test_a_suspended_organisation_is_out_with_all_its_people(world: World, officer) -> None:
    headers = await world.bearer("ann")
    await acted(world, officer, "partners", "ann-home", "suspend")
    await is_out(world, headers)
    await acted(world, officer, "partners", "ann-home", "reinstate")
    assert (await world.http.get("/v1/records", headers=headers)).status == 200


async def test_a_new_password_ends_the_sessions_of_the_old(world: World, officer) -> None:
    cookies = {"parley": (await world.sign_in("witness")).cookies["parley"].value}
    await acted(world, officer, "people", "witness", "reset_password")
    async with world.http.get("/v1/records", cookies=cookies) as answer:
        assert answer.status == 401


async def test_the_history_says_who_when_and_why(world: World, officer) -> None:
    await acted(world, officer, "people", "ann", "grant", kind="community", name="ngo")
    row = await found(world, officer, "people", "ann")
    _, told = await call(world, "GET", f"/v1/access/people/{row['id']}/history", officer)
    latest = told["items"][0]
    assert (latest["type"], latest["by"]) == ("account.granted.v1", "officer")
    assert (latest["reason"], latest["fields"]["name"]) == (WHY["reason"], "ngo")
    assert told["items"][-1]["by"] == "operator"


async def test_an_administrator_gives_himself_nothing(world: World, officer) -> None:
    answer, told = await acted(
        world, officer, "people", "officer", "grant", kind="caveat", name="SOURCE"
    )
    assert (answer.status, told["code"]) == (403, "own_access")


async def test_amending_takes_the_version_last_seen(world: World, officer) -> None:
    row = await found(world, officer, "people", "loader")
    path = f"/v1/access/people/{row['id']}"
    kept = ("username", "organisation_id", "language")
    body = {name: row[name] for name in kept} | WHY | {"display_name": "The loader"}
    answer, _ = await call(world, "POST", f"{path}/amend", keyed(officer), body)
    assert answer.status == 428
    seen, _ = await call(world, "GET", path, officer)
    matching = officer | {"If-Match": seen.headers["ETag"]}
    answer, _ = await call(world, "POST", f"{path}/amend", keyed(matching), body)
    assert answer.status == 200
    body["display_name"] = "Another"
    answer, _ = await call(world, "POST", f"{path}/amend", keyed(matching), body)
    assert answer.status == 412


async def test_a_name_somebody_has_is_not_given_again(world: World, officer) -> None:
    home = (await found(world, officer, "people", "ann"))["organisation_id"]
    body = {"username": "ann", "display_name": "Ann", "organisation_id": home, "level": "public"}
    answer, told = await call(world, "POST", "/v1/access/people", keyed(officer), body | WHY)
    assert (answer.status, told["code"]) == (409, "username_taken")


async def test_without_a_reason_nothing_changes(world: World, officer) -> None:
    row = await found(world, officer, "people", "ann")
    path = f"/v1/access/people/{row['id']}/suspend"
    answer, told = await call(world, "POST", path, keyed(officer), {})
    assert (answer.status, told["errors"][0]["pointer"]) == (422, "/reason")
    assert (await found(world, officer, "people", "ann"))["suspended"] is False


async def test_pages_hold_everybody_once(world: World, officer) -> None:
    seen, path = [], "/v1/access/people?page_size=2"
    _, told = await call(world, "GET", path, officer)
    seen += [row["account_id"] for row in told["items"]]
    for _ in range(5):
        if told["next_cursor"]:
            _, told = await call(world, "GET", f"{path}&cursor={told['next_cursor']}", officer)
            seen += [row["account_id"] for row in told["items"]]
    assert {"ann", "ben", "loader", "officer", "witness"} <= set(seen)
    assert len(seen) == len(set(seen))
