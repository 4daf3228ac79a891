"""OAuth 2.0 client credentials (RFC 6749, 4.4) and its metadata (RFC 8414)."""

import base64
import binascii
from urllib.parse import parse_qs, unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.gateway.access.accounts import (
    Client,
    account_by_id,
    client_by_id,
    secret_hashes,
)
from services.gateway.access.tokens import LIFETIME_SECONDS
from services.gateway.wiring import Gateway, gateway_of
from shared.clock import utc_now

GRANT = "client_credentials"
_NO_STORE = {"Cache-Control": "no-store"}
_AGAIN = {"WWW-Authenticate": 'Basic realm="parley", charset="UTF-8"'}


class OAuthError(Exception):
    """An error as RFC 6749, 5.2 names it."""

    def __init__(self, code: str, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.code, self.words, self.status = code, words, status


def oauth_routes() -> list[Route]:
    return [
        Route("/oauth/token", _token, methods=["POST"]),
        Route("/.well-known/oauth-authorization-server", _metadata, methods=["GET"]),
    ]


async def _token(request: Request) -> JSONResponse:
    try:
        client_id = await _client(request, await _form(request))
    except OAuthError as wrong:
        headers = _NO_STORE | (_AGAIN if wrong.code == "invalid_client" else {})
        body = {"error": wrong.code, "error_description": wrong.words}
        return JSONResponse(body, status_code=wrong.status, headers=headers)
    token = gateway_of(request).tokens.issue(client_id)
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS}
    return JSONResponse(answer, headers=_NO_STORE)


async def _form(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise OAuthError("invalid_request", "Send application/x-www-form-urlencoded.")
    try:
        fields = parse_qs((await request.body()).decode(), strict_parsing=True, max_num_fields=20)
    except ValueError as wrong:
        raise OAuthError("invalid_request", "The form could not be read.") from wrong
    if any(len(values) > 1 for values in fields.values()):
        raise OAuthError("invalid_request", "A parameter is given twice.")
    form = {name: values[0] for name, values in fields.items()}
    if form.get("grant_type") is None:
        raise OAuthError("invalid_request", "grant_type is missing.")
    if form["grant_type"] != GRANT:
        raise OAuthError("unsupported_grant_type", f"Only {GRANT} is supported.")
    return form


async def _client(request: Request, form: dict[str, str]) -> str:
    """The id of the client that has proved itself; one error whatever was wrong."""
    client_id, secret = _credentials(request.headers.get("authorization"), form)
    gateway = gateway_of(request)
    client = await _let_in(gateway, client_id)
    hashes = await secret_hashes(gateway.pool, client, utc_now()) if client else []
    tried: list[str | None] = [*hashes]
    for known in tried or [None]:  # none: it takes as long
        if await gateway.passwords.matches(secret, known, remember=True):
            return client_id
    raise OAuthError("invalid_client", "No such client, or not its secret.", 401)


async def _let_in(gateway: Gateway, client_id: str) -> Client | None:
    """None when it, its person or his organisation is unknown or suspended."""
    client = await client_by_id(gateway.pool, client_id)
    if client is None or await account_by_id(gateway.pool, client.account_id) is None:
        return None
    return client


def _credentials(header: str | None, form: dict[str, str]) -> tuple[str, str]:
    """client_secret_basic, or client_secret_post; not both."""
    if header is None:
        if "client_id" not in form or "client_secret" not in form:
            raise OAuthError("invalid_client", "The client's id and secret are missing.", 401)
        return form["client_id"], form["client_secret"]
    if "client_secret" in form:
        raise OAuthError("invalid_request", "Send the secret once: in the header or in the form.")
    scheme, _, encoded = header.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError("another scheme")
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (ValueError, binascii.Error) as wrong:
        raise OAuthError("invalid_client", "The Authorization header is not Basic.", 401) from wrong
    return unquote_plus(client_id), unquote_plus(secret)


async def _metadata(request: Request) -> JSONResponse:
    issuer = gateway_of(request).tokens.issuer
    return JSONResponse(
        {
            "issuer": issuer,
            "token_endpoint": f"{issuer}/oauth/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "grant_types_supported": [GRANT],
            "response_types_supported": [],
            "service_documentation": f"{issuer}/docs",
        }
    )
