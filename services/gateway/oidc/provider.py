"""The provider as it is spoken to: what it says of itself, its keys, and the one exchange of code for word.

Nothing is asked of it before somebody wants to sign in by it, so that the gateway starts without it.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

import aiohttp
import orjson

from services.gateway.access.jwks import Key
from services.gateway.oidc.addresses import is_safe
from services.gateway.oidc.begun import Begun
from services.gateway.oidc.errors import NotBelievedError, ProviderAwayError
from services.gateway.oidc.id_tokens import key_named
from services.gateway.settings import GatewaySettings
from shared.clock import utc_now

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
ANSWER_LIMIT_BYTES = 256 * 1024
# How long what it says of itself holds; keys are read again at once when one is new, but not without end.
KNOWN_SECONDS = 3_600.0
KEYS_AGAIN_SECONDS = 30.0
PAUSE_SECONDS = 2.0
WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
POST_METHOD, BASIC_METHOD = "client_secret_post", "client_secret_basic"
Json = Mapping[str, Any]  # Any: JSON


@dataclass(slots=True)
class Kept:
    """What was read of it, and when: seconds since 1970."""

    described: Json = field(default_factory=dict)
    described_at: float = 0.0
    keys: list[Json] = field(default_factory=list)
    keys_at: float = 0.0
    asked_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Provider:
    """All calls raise ProviderAwayError when it does not answer as a provider should."""

    issuer: str
    client_id: str
    secret: str | None = field(repr=False)
    http: aiohttp.ClientSession
    kept: Kept = field(default_factory=Kept)
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def described(self) -> Json:
        """Its metadata (OpenID Connect Discovery 1.0, 3)."""
        async with self.reading:
            now = utc_now().timestamp()
            if now - self.kept.described_at > KNOWN_SECONDS:
                self._check_pause(now)
                found = await self._read("GET", self.issuer.rstrip("/") + WELL_KNOWN)
                _check_described(found, self.issuer)
                self.kept.described, self.kept.described_at = found, utc_now().timestamp()
            return self.kept.described

    async def key_for(self, token: str) -> tuple[Key, tuple[str, ...]]:
        """Raises NotBelievedError when none of its keys is the one."""
        address = (await self.described())["jwks_uri"]
        async with self.reading:
            found = key_named(token, self.kept.keys)
            if found is None and utc_now().timestamp() - self.kept.keys_at > KEYS_AGAIN_SECONDS:
                told = (await self._read("GET", address)).get("keys", [])
                self.kept.keys = [each for each in told if isinstance(each, dict)]
                self.kept.keys_at = utc_now().timestamp()
                found = key_named(token, self.kept.keys)
        if found is None:
            raise NotBelievedError("the key")
        return found

    async def exchanged(self, code: str, begun: Begun, returned_to: str) -> str:
        """The ID token for `code` (RFC 6749, 4.1.3; RFC 7636, 4.5). Raises NotBelievedError when refused."""
        about = await self.described()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": returned_to,
            "code_verifier": begun.verifier,
        }
        headers, more = self._proof(about)
        told = await self._read("POST", about["token_endpoint"], data=form | more, headers=headers)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise NotBelievedError("the code")
        return token

    def _check_pause(self, now: float) -> None:
        """Whoever does not answer is not asked by everybody at once."""
        if now - self.kept.asked_at < PAUSE_SECONDS:
            raise ProviderAwayError("it did not answer just now")
        self.kept.asked_at = now

    def _proof(self, about: Json) -> tuple[dict[str, str], dict[str, str]]:
        """Who we are to it: headers, and fields of the form."""
        if self.secret is None:
            return {}, {"client_id": self.client_id}
        methods = about.get("token_endpoint_auth_methods_supported", [BASIC_METHOD])
        if BASIC_METHOD not in methods and POST_METHOD in methods:
            return {}, {"client_id": self.client_id, "client_secret": self.secret}
        proof = aiohttp.encode_basic_auth(quote_plus(self.client_id), quote_plus(self.secret))
        return {"Authorization": proof}, {}

    async def _read(self, method: str, url: str, **sent: Any) -> Json:  # Any: aiohttp's own
        try:
            async with (
                asyncio.timeout(ANSWER_SECONDS),
                self.http.request(method, url, allow_redirects=False, **sent) as answer,
            ):
                raw = await answer.content.read(ANSWER_LIMIT_BYTES)
                while len(raw) < ANSWER_LIMIT_BYTES and (more := await answer.content.readany()):
                    raw += more
                status = answer.status
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            raise ProviderAwayError("it does not answer") from fault
        return _understood(status, raw)


@asynccontextmanager
async def open_provider(settings: GatewaySettings) -> AsyncIterator[Provider | None]:
    """None where none is set up."""
    if settings.provider is None:
        yield None
        return
    trusted = ssl.create_default_context()
    if settings.oidc_ca_file is not None:
        trusted.load_verify_locations(settings.oidc_ca_file)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trusted),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        trust_env=False,
    ) as http:
        known = settings.oidc_client_id, settings.oidc_secret
        yield Provider(settings.oidc_issuer, *known, http)


def _understood(status: int, raw: bytes) -> Json:
    """A refusal (400 or 401 with an `error`) is an answer as well; it holds no token."""
    try:
        told = orjson.loads(raw)
    except ValueError as wrong:
        raise ProviderAwayError("it answers no JSON") from wrong
    if status not in (200, 400, 401) or not isinstance(told, dict):
        raise ProviderAwayError("it answers with a fault")
    return told


def _check_described(told: Json, issuer: str) -> None:
    if told.get("issuer") != issuer:
        raise ProviderAwayError("it calls itself something else")
    if not all(isinstance(told.get(name), str) and is_safe(told[name]) for name in ENDPOINTS):
        raise ProviderAwayError("it names no safe addresses")
