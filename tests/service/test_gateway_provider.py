"""Signing in through a provider, against one that runs: whom it is linked to, and what is not believed."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from services.gateway.oidc.provider import PAUSE_SECONDS
from services.gateway.settings import OIDC_SECRET
from tests.service.gateway_calls import call
from tests.service.gateway_world import World, run_replica, run_world
from tests.service.provider_running import (
    CLIENT_ID,
    SECRET,
    back,
    begun,
    lever,
    linked,
    ordered,
    record_of,
    refused,
    running_provider,
    through,
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running_provider() as address:
        yield address


@pytest.fixture(scope="module")
async def world(layout, postgres, nats, issuer: str) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    secret = layout.secrets / OIDC_SECRET
    secret.write_text(f"{SECRET}\n")
    setup: dict[str, Any] = {"oidc_issuer": issuer, "oidc_client_id": CLIENT_ID}
    try:
        async with run_world(layout, fresh, nats.url, pages=True, **setup) as made:
            yield made
    finally:
        secret.unlink()


@pytest.fixture(scope="module")
async def ann(world: World, issuer: str) -> str:
    """Her account's record; she is linked by the provider's own name for her."""
    record_id = await record_of(world, "ann")
    await linked(world, record_id, issuer, "subject", "person-1")
    await ordered(world, record_id, "grant", kind="role", name="operations")
    return record_id


async def test_whom_the_provider_knows_signs_in_and_goes_where_he_wanted(
    world: World, issuer: str, ann: str
) -> None:
    where, session = await through(world, issuer)
    assert where == "/here"
    async with world.http.get("/v1/records", cookies={"parley": session}) as answer:
        assert answer.status == 200
    assert world.services.heard[-1].principal.subject == "ann"


@pytest.mark.parametrize("signs", ["ES256", "new"])
async def test_any_key_the_provider_shows_is_taken_also_a_new_one(
    world: World, issuer: str, ann: str, signs: str
) -> None:
    await through(world, issuer)
    world.app.state.gateway.provider.kept.keys_at = 0.0
    assert (await through(world, issuer, signs=signs))[0] == "/here"


async def test_an_address_the_provider_verified_is_enough_and_its_letters_do_not_matter(
    world: World, issuer: str
) -> None:
    await linked(world, await record_of(world, "ben"), issuer, "email", "Ben@Mission.example")
    ben = {"sub": "person-2", "email": "ben@mission.EXAMPLE", "email_verified": True}
    for doubtful in (False, "true", None, 1):
        told = ben | {"email_verified": doubtful}
        assert await through(world, issuer, person=told) == refused("provider_unknown")
    assert (await through(world, issuer, person=ben))[0] == "/here"


async def test_an_address_that_was_given_to_somebody_else_lets_him_in_no_more(
    world: World, issuer: str
) -> None:
    record_id, address = await record_of(world, "witness"), "desk@mission.example"
    await linked(world, record_id, issuer, "email", address)
    first = {"sub": "person-3", "email": address, "email_verified": True}
    assert (await through(world, issuer, person=first))[0] == "/here"

    heir = first | {"sub": "person-4"}
    assert await through(world, issuer, person=heir) == refused("provider_unknown")

    moved = first | {"email": "elsewhere@mission.example"}
    assert (await through(world, issuer, person=moved))[0] == "/here"
    officer = await world.bearer("officer")
    _, known = await call(world, "GET", f"/v1/access/people/{record_id}", officer)
    names = {one["kind"]: one for one in known["identities"]}
    assert names["subject"]["identity"] == "person-3"
    await ordered(world, record_id, "unlink_identity", identity_id=names["subject"]["id"])
    assert (await through(world, issuer, person=heir))[0] == "/here"


async def test_nobody_is_made_an_account(world: World, issuer: str) -> None:
    stranger = {"sub": "stranger", "email": "stranger@mission.example"}
    assert await through(world, issuer, person=stranger) == refused("provider_unknown")
    async with world.http.get("/sign-in?failed=provider_unknown") as page:
        assert "no account here is linked to you" in await page.text()


CLAIMS: dict[str, dict[str, Any]] = {
    "of another provider": {"iss": "https://other.example"},
    "of no provider": {"iss": None},
    "for another": {"aud": "other"},
    "for us and others, by others": {"aud": [CLIENT_ID, "other"], "azp": "other"},
    "for us and others, by nobody": {"aud": [CLIENT_ID, "other"]},
    "for nobody": {"aud": None},
    "in answer to another question": {"nonce": "other"},
    "in answer to none": {"nonce": None},
    "over": {"exp": int(time.time()) - 120},
    "without end": {"exp": None},
    "made long ago": {"iat": int(time.time()) - 1_000},
    "made in time to come": {"iat": int(time.time()) + 1_000_000},
    "about nobody": {"sub": ""},
    "about a number": {"sub": 5},
}


@pytest.mark.parametrize("how", CLAIMS)
async def test_what_does_not_hold_lets_nobody_in(
    world: World, issuer: str, ann: str, how: str
) -> None:
    assert await through(world, issuer, claims=CLAIMS[how]) == refused("provider_refused")


@pytest.mark.parametrize("signs", ["none", "HS256", "unpublished"])
async def test_what_its_keys_did_not_sign_lets_nobody_in(
    world: World, issuer: str, ann: str, signs: str
) -> None:
    assert await through(world, issuer, signs=signs) == refused("provider_refused")


@pytest.mark.parametrize(
    "answer",
    [{"state": "other"}, {"state": None}, {"iss": "https://other.example"}, {"iss": None},
     {"code": "other"}, {"code": None}, {"error": "access_denied"}],
    ids=str,
)  # fmt: skip
async def test_what_comes_back_otherwise_than_it_went_lets_nobody_in(
    world: World, issuer: str, ann: str, answer: dict[str, Any]
) -> None:
    where, session = await through(world, issuer, answer=answer)
    assert (where.startswith("/sign-in?failed=provider_refused"), session) == (True, "")


async def test_another_browser_does_not_come_back_with_it(
    world: World, issuer: str, ann: str
) -> None:
    await lever(world, issuer)
    (address, _), (_, other) = await begun(world), await begun(world)
    for cookie in ("", "nonsense", other):
        answer = await back(world, address, cookie)
        assert answer.headers["Location"].startswith("/sign-in?failed=provider_refused")
        assert "parley" not in answer.cookies


async def test_it_comes_back_once_on_all_replicas(world: World, issuer: str, ann: str) -> None:
    """Whatever the provider makes of a code that it has seen."""
    await lever(world, issuer, forgets=True)
    address, cookie = await begun(world)
    assert (await back(world, address, cookie)).headers["Location"] == "/here"
    async with run_replica(world) as other:
        again = await back(other, address.removeprefix(world.url), cookie)
    assert again.headers["Location"].startswith("/sign-in?failed=provider_refused")


async def test_it_leads_nowhere_else(world: World, issuer: str, ann: str) -> None:
    await lever(world, issuer)
    answer = await back(world, *await begun(world, "//elsewhere.example/"))
    assert answer.headers["Location"] == "/"


async def test_who_was_remembered_by_the_provider_has_not_just_signed_in(
    world: World, issuer: str, ann: str
) -> None:
    """For what takes a fresh sign-in it must ask him anew, and say so."""
    long_ago = int(time.time()) - 3_600
    for remembered in (long_ago, None):
        _, session = await through(world, issuer, claims={"auth_time": remembered})
        assert not await is_fresh(world, session)
    _, session = await through(world, issuer)
    assert await is_fresh(world, session)
    await lever(world, issuer, claims={"auth_time": long_ago})
    answer = await back(world, *await begun(world, more="&fresh=1"))
    assert answer.headers["Location"] == refused("provider_refused")[0]


async def is_fresh(world: World, session: str) -> bool:
    """Whether emergency access could be opened at once, as far as signing in goes."""
    async with world.http.get("/emergency", cookies={"parley": session}) as page:
        shown = await page.text()
        assert page.status == 200, shown
        return "First, sign in again" not in shown


async def test_a_suspended_person_is_not_let_in(world: World, issuer: str, ann: str) -> None:
    await ordered(world, ann, "suspend")
    assert await through(world, issuer) == refused("provider_unknown")
    await ordered(world, ann, "reinstate")
    assert (await through(world, issuer))[0] == "/here"


async def test_who_is_unlinked_is_out_within_five_seconds_and_comes_in_no_more(
    world: World, issuer: str, ann: str
) -> None:
    _, session = await through(world, issuer)
    headers = await world.bearer("officer")
    _, row = await call(world, "GET", f"/v1/access/people/{ann}", headers)
    await ordered(world, ann, "unlink_identity", identity_id=row["identities"][0]["id"])
    async with asyncio.timeout(5):
        while (await world.http.get("/v1/records", cookies={"parley": session})).status != 401:
            await asyncio.sleep(0.1)
    assert await through(world, issuer) == refused("provider_unknown")
    await linked(world, ann, issuer, "subject", "person-1")


async def test_one_identity_is_one_persons(world: World, issuer: str, ann: str) -> None:
    status, told = await ordered(
        world, await record_of(world, "loader"), "link_identity",
        issuer=issuer, kind="subject", identity="person-1",
    )  # fmt: skip
    assert (status, told["code"]) == (409, "identity_taken")


async def test_nobody_links_himself(world: World, issuer: str) -> None:
    officer = await record_of(world, "officer")
    assert await linked(world, officer, issuer, "subject", "person-3") == 403


async def test_a_provider_that_is_away_leaves_the_password(
    world: World, issuer: str, ann: str
) -> None:
    await lever(world, issuer, down=True)
    kept = world.app.state.gateway.provider.kept
    kept.described_at = kept.asked_at = 0.0
    async with world.http.get("/sign-in/provider?next=/here", allow_redirects=False) as answer:
        assert answer.headers["Location"] == refused("provider_away")[0]
    assert (await world.sign_in("ann")).headers["Location"] == "/here"
    await lever(world, issuer)
    async with asyncio.timeout(PAUSE_SECONDS + 5):
        while (
            (await world.http.get("/sign-in/provider", allow_redirects=False))
            .headers["Location"]
            .startswith("/sign-in")
        ):
            await asyncio.sleep(0.1)


async def test_the_sign_in_page_offers_it_and_the_account_page_shows_it(
    world: World, issuer: str, ann: str
) -> None:
    async with world.http.get("/sign-in?next=/here") as page:
        assert 'href="/sign-in/provider?next=/here"' in await page.text()
    cookies = {"parley": (await world.sign_in("officer")).cookies["parley"].value}
    async with world.http.get(f"/access/people/{ann}", cookies=cookies) as page:
        shown = await page.text()
    assert "person-1" in shown
    assert f"/access/people/{ann}/unlink_identity?what=" in shown


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_page_elsewhere_signs_nobody_in(world: World, issuer: str, site: str) -> None:
    """Though the provider remembers him and would ask nothing."""
    path, headers = "/sign-in/provider?next=/here", {"Sec-Fetch-Site": site}
    async with world.http.get(path, headers=headers, allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/sign-in?next=%2Fhere"
        assert answer.cookies == {}
