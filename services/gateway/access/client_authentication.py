"""How a machine client proves itself to the token endpoint: by a secret, or by an assertion it signs."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import unquote_plus

from starlette.requests import Request

from services.gateway import door_log
from services.gateway.access import throttle
from services.gateway.access.accounts import (
    Client,
    account_by_id,
    client_by_id,
    public_keys,
    secret_hashes,
)
from services.gateway.access.assertions import TYPE, claimed
from services.gateway.access.client_keys import verifying
from services.gateway.access.roll import client_name
from services.gateway.wiring import Gateway, gateway_of
from shared.clock import utc_now

METHODS = ("private_key_jwt", "client_secret_basic", "client_secret_post")
Form = Mapping[str, str]


class OAuthError(Exception):
    """An error as RFC 6749, 5.2 names it."""

    def __init__(self, code: str, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.code, self.words, self.status = code, words, status


@dataclass(frozen=True, slots=True)
class BySecret:
    client_id: str
    secret: str = field(repr=False)
    refused: ClassVar[str] = "No such client, or not its secret."
    factor: ClassVar[str] = door_log.CLIENT_SECRET

    async def proves(self, gateway: Gateway, client: Client | None) -> bool:
        hashes = await secret_hashes(gateway.pool, client, utc_now()) if client else []
        tried: list[str | None] = [*hashes]
        for known in tried or [None]:  # none: it takes as long
            if await gateway.passwords.matches(self.secret, known, remember=True):
                return True
        return False


@dataclass(frozen=True, slots=True)
class ByAssertion:
    client_id: str
    assertion: str = field(repr=False)
    refused: ClassVar[str] = "No such client, or its assertion does not hold."
    factor: ClassVar[str] = door_log.CLIENT_KEY

    async def proves(self, gateway: Gateway, client: Client | None) -> bool:
        now = utc_now()
        keys = [verifying(jwk) for jwk in public_keys(client, now)] if client else []
        return await gateway.assertions.prove(self.assertion, self.client_id, keys, now)


async def proven_client(request: Request, form: Form) -> str:
    """The id of the client that has proved itself; one error whatever was wrong. Raises OAuthError,
    TooManyError."""
    gateway, way = gateway_of(request), _way(request.headers.get("authorization"), form)
    address = request.client.host if request.client else ""
    await _check_failures(request, way, address)
    client = await _let_in(gateway, way.client_id)
    if not await way.proves(gateway, client) or client is None:
        await throttle.client_failed(gateway.pool, way.client_id, address)
        named = client_name(client.client_id) if client else None
        door_log.refused(request, way.factor, "not_right", named)
        raise OAuthError("invalid_client", way.refused, 401)
    door_log.let_in(request, way.factor, client_name(client.client_id))
    return client.client_id


async def _check_failures(request: Request, way: BySecret | ByAssertion, address: str) -> None:
    try:
        await throttle.check_client(gateway_of(request).pool, way.client_id, address)
    except throttle.TooManyError:
        door_log.refused(request, way.factor, "too_many")
        raise


async def _let_in(gateway: Gateway, client_id: str) -> Client | None:
    """None when it, its person or his organisation is unknown or suspended. Always two questions."""
    client = await client_by_id(gateway.pool, client_id if client_id.isprintable() else "")
    account = await account_by_id(gateway.pool, client.account_id if client else "")
    return client if account else None


def _way(header: str | None, form: Form) -> BySecret | ByAssertion:
    """One way only (RFC 6749, 2.3)."""
    ways = [header is not None, "client_secret" in form, "client_assertion" in form]
    if sum(ways) > 1:
        raise OAuthError("invalid_request", "Prove who you are once: by a secret or an assertion.")
    if header is not None:
        return BySecret(*_basic(header))
    if "client_assertion" in form:
        return _asserted(form)
    if "client_id" in form and "client_secret" in form:
        return BySecret(form["client_id"], form["client_secret"])
    words = "The client's id and its secret, or its assertion, are missing."
    raise OAuthError("invalid_client", words, 401)


def _asserted(form: Form) -> ByAssertion:
    """`client_id` need not be told beside it, and names the same when it is (RFC 7521, 4.2)."""
    told = form["client_assertion"]
    client_id = claimed(told)
    named = form.get("client_id", client_id) == client_id
    if form.get("client_assertion_type") != TYPE or not client_id or not named:
        raise OAuthError("invalid_client", ByAssertion.refused, 401)
    return ByAssertion(client_id, told)


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError("another scheme")
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (ValueError, binascii.Error) as wrong:
        raise OAuthError("invalid_client", "The Authorization header is not Basic.", 401) from wrong
    return unquote_plus(client_id), unquote_plus(secret)
