"""Signing in through a provider: to it, and back with its word."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.gateway import door_log
from services.gateway.access.once import used_first
from services.gateway.access.roll import person_name
from services.gateway.access.session_store import ABSOLUTE
from services.gateway.oidc.begun import LASTING, Begun, begin, opened, sealed
from services.gateway.oidc.errors import NotBelievedError, ProviderError
from services.gateway.oidc.id_tokens import Expected, Said, believed
from services.gateway.oidc.provider import Provider
from services.gateway.oidc.recognising import recognised
from services.gateway.sign_in import SIGN_IN, back, local_path, signed_in
from services.gateway.wiring import Gateway, gateway_of
from shared.clock import utc_now
from shared.errors import NotFoundError

BEGIN = "/sign-in/provider"
RETURN = f"{BEGIN}/return"
SCOPE = "openid email"
CODE_LIMIT = 4_096
# Where a browser says it comes from: a page elsewhere signs nobody in, though the provider remembers him.
FROM, OURS = "sec-fetch-site", ("same-origin", "none")

_log = logging.getLogger(__name__)


def provider_routes() -> list[Route]:
    return [
        Route(BEGIN, _begin, methods=["GET"]),
        Route(RETURN, _return, methods=["GET"]),
    ]


async def _begin(request: Request) -> Response:
    """To the provider. `fresh`: it must ask the person who he is, however lately it did."""
    gateway, provider = _provided(request)
    target = local_path(request.query_params.get("next", "/"))
    if request.headers.get(FROM, OURS[0]) not in OURS:
        return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': target})}", status_code=303)
    begun = begin(target, utc_now(), fresh="fresh" in request.query_params)
    try:
        about = await provider.described()
    except ProviderError as away:
        return _refused(request, target, away)
    address = _address(about["authorization_endpoint"], _asked(gateway, provider, begun))
    answer = RedirectResponse(address, status_code=303)
    answer.set_cookie(
        _cookie_name(gateway),
        sealed(gateway.book, begun),
        max_age=int(LASTING.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=gateway.settings.speaks_tls,
    )
    return answer


async def _return(request: Request) -> Response:
    """Back from the provider: signed in, or to the form, which says why not."""
    gateway, provider = _provided(request)
    target = "/"
    try:
        begun = await _begun(request, gateway)
        target = begun.target
        said = await _said(request, gateway, provider, begun)
        account = await recognised(gateway, provider.issuer, said)
        proved_at = said.proved_at or utc_now() - ABSOLUTE
        answer = await signed_in(request, account.account_id, target, proved_at)
        door_log.let_in(request, door_log.PROVIDER, person_name(account.account_id))
    except ProviderError as refused:
        answer = _refused(request, target, refused)
    answer.delete_cookie(_cookie_name(gateway), path="/", secure=gateway.settings.speaks_tls)
    return answer


def _refused(request: Request, target: str, why: ProviderError) -> Response:
    door_log.refused(request, door_log.PROVIDER, why.code)
    _log.warning("the provider's word did not hold", extra={"code": why.code, "check": str(why)})
    return back(target, why.code)


def _provided(request: Request) -> tuple[Gateway, Provider]:
    """Raises NotFoundError where no provider is set up."""
    gateway = gateway_of(request)
    if gateway.provider is None:
        raise NotFoundError
    return gateway, gateway.provider


async def _begun(request: Request, gateway: Gateway) -> Begun:
    """What this browser began, the first time it comes back. Raises NotBelievedError."""
    cookie, now = request.cookies.get(_cookie_name(gateway), ""), utc_now()
    begun = opened(gateway.book, cookie, request.query_params.get("state", ""), now)
    until = datetime.fromtimestamp(begun.at, UTC) + LASTING
    if not await used_first(gateway.pool, "sign-in", begun.state, until, now):
        raise NotBelievedError("it came back before")
    return begun


async def _said(request: Request, gateway: Gateway, provider: Provider, begun: Begun) -> Said:
    query, about = request.query_params, await provider.described()
    issuer = query.get("iss")
    if issuer != provider.issuer and (issuer or _names_itself(about)):
        raise NotBelievedError("who answers")  # RFC 9207, 2.4
    code = query.get("code", "")
    if "error" in query or not 0 < len(code) <= CODE_LIMIT:
        raise NotBelievedError("it let nobody in")
    token = await provider.exchanged(code, begun, _returned_to(gateway))
    key, algorithms = await provider.key_for(token)
    expected = Expected(provider.issuer, provider.client_id, begun, utc_now())
    return believed(token, key, algorithms, expected)


def _asked(gateway: Gateway, provider: Provider, begun: Begun) -> dict[str, str]:
    """OpenID Connect Core 1.0, 3.1.2.1. With `max_age` it says when it last made sure of the person."""
    again = {"prompt": "login", "max_age": "0"} if begun.fresh else {}
    return {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": _returned_to(gateway),
        "scope": SCOPE,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge,
        "code_challenge_method": "S256",
        "max_age": str(int(ABSOLUTE.total_seconds())),
        **again,
    }


def _address(endpoint: str, asked: Mapping[str, str]) -> str:
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"


def _returned_to(gateway: Gateway) -> str:
    return gateway.settings.public_url.rstrip("/") + RETURN


def _names_itself(about: Mapping[str, Any]) -> bool:  # Any: JSON
    return about.get("authorization_response_iss_parameter_supported") is True


def _cookie_name(gateway: Gateway) -> str:
    return f"{gateway.cookie_name}-sign-in"
