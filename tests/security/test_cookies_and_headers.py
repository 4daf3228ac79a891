"""What browsers are told: where content may come from, what to keep, whom to let in, and to stay on TLS."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.service.gateway_world import World, run_replica, run_world

ELSEWHERE = {"Origin": "https://elsewhere.example"}
PATHS = (
    "/", "/sign-in", "/search?q=x", "/nowhere", "/v1/records", "/v1/nowhere", "/v1/records?wrong=1",
    "/oauth/token", "/.well-known/oauth-authorization-server", "/openapi.json", "/docs", "/metrics",
    "/health/live", "/health/ready", "/static/none/none.css",
)  # fmt: skip
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = (
    "default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
    "frame-ancestors 'none'",
)  # fmt: skip
VERSION = re.compile(r"/static/([0-9a-f]{12})/")


@pytest.fixture(scope="module")
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    fresh = await postgres.fresh("gateway", "keystore")
    async with run_world(layout, fresh, nats.url, pages=True) as made:
        yield made


@pytest.fixture(scope="module")
async def over_tls(world: World) -> AsyncIterator[World]:
    """As behind a proxy that ends TLS."""
    async with run_replica(world, pages=True, public_url="https://parley.example") as made:
        yield made


async def asked(world: World, path: str, method: str = "GET", **how: Any) -> Any:
    async with world.http.request(method, path, allow_redirects=False, **how) as answer:
        await answer.read()
        return answer


async def cookies_of(world: World) -> dict[str, str]:
    return {"parley": (await world.sign_in("ann")).cookies["parley"].value}


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_says_how_browsers_shall_treat_it(world: World, path: str) -> None:
    for cookies in ({}, await cookies_of(world)):
        headers = (await asked(world, path, cookies=cookies)).headers
        assert EXPECTED.items() <= dict(headers).items()
        assert [one for one in POLICY if one not in headers["Content-Security-Policy"]] == []
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert path.startswith("/static/") or headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
async def test_over_tls_browsers_are_told_to_keep_to_it(
    world: World, over_tls: World, path: str
) -> None:
    told = (await asked(over_tls, path)).headers["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in (await asked(world, path)).headers


async def test_every_cookie_is_bound_to_this_host_and_to_tls(over_tls: World) -> None:
    signed_in = await over_tls.sign_in("ann")
    chosen = await asked(over_tls, "/sign-in?lang=fr&theme=dark")
    given = [*signed_in.headers.getall("Set-Cookie"), *chosen.headers.getall("Set-Cookie")]
    assert [one.partition("=")[0] for one in given] == [
        "__Host-parley", "__Host-parley_language", "__Host-parley_theme",
    ]  # fmt: skip
    for one in given:
        said = one.lower().split("; ")
        assert {"secure", "path=/", "samesite=lax"} <= {*said}
        assert [part for part in said if part.startswith("domain")] == []
    assert "HttpOnly" in given[0]


async def test_a_language_chosen_over_tls_stays_chosen(over_tls: World) -> None:
    cookies = {"__Host-parley_language": "fr", "__Host-parley_theme": "dark"}
    async with over_tls.http.get("/sign-in", cookies=cookies) as answer:
        assert '<html lang="fr" dir="ltr" data-theme="dark">' in await answer.text()


@pytest.mark.parametrize("path", PATHS)
async def test_no_other_site_is_let_in(world: World, path: str) -> None:
    preflight = ELSEWHERE | {"Access-Control-Request-Method": "POST"}
    for method, headers in (("GET", ELSEWHERE), ("OPTIONS", preflight)):
        told = (await asked(world, path, method, headers=headers)).headers
        assert [name for name in told if name.lower().startswith("access-control")] == []


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PROPFIND", "OPTIONS", "DELETE"])
async def test_methods_nobody_needs_are_refused(world: World, method: str) -> None:
    for path in ("/", "/sign-in", "/v1/records", "/oauth/token", "/health/live"):
        assert (await asked(world, path, method)).status == 405


async def test_text_says_how_it_is_encoded(world: World) -> None:
    cookies = await cookies_of(world)
    async with world.http.get("/", cookies=cookies) as answer:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        [version, *_] = VERSION.findall(await answer.text())
    for path, expected in (
        (f"/static/{version}/js/page.js", "text/javascript; charset=utf-8"),
        (f"/static/{version}/css/base.css", "text/css; charset=utf-8"),
        ("/v1/records", "application/json"),
        ("/v1/nowhere", "application/problem+json"),
    ):
        assert (await asked(world, path, cookies=cookies)).headers["Content-Type"] == expected


async def test_no_folder_is_listed(world: World) -> None:
    async with world.http.get("/sign-in") as answer:
        [version, *_] = VERSION.findall(await answer.text())
    for path in ("/static", "/static/", f"/static/{version}", f"/static/{version}/js",
                 f"/static/{version}/js/", f"/static/{version}/%2e%2e/%2e%2e/app.py",
                 "/.git/config", "/.env"):  # fmt: skip
        assert (await asked(world, path)).status == 404
