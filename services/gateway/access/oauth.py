"""OAuth 2.0 client credentials (RFC 6749, 4.4) and its metadata (RFC 8414)."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.gateway.access.client_authentication import METHODS, OAuthError, proven_client
from services.gateway.access.jwks import ALGORITHMS
from services.gateway.access.tokens import LIFETIME_SECONDS
from services.gateway.wiring import gateway_of

GRANT = "client_credentials"
_NO_STORE = {"Cache-Control": "no-store"}
_AGAIN = {"WWW-Authenticate": 'Basic realm="parley", charset="UTF-8"'}


def oauth_routes() -> list[Route]:
    return [
        Route("/oauth/token", _token, methods=["POST"]),
        Route("/.well-known/oauth-authorization-server", _metadata, methods=["GET"]),
    ]


async def _token(request: Request) -> JSONResponse:
    try:
        client_id = await proven_client(request, await _form(request))
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


async def _metadata(request: Request) -> JSONResponse:
    issuer = gateway_of(request).tokens.issuer
    return JSONResponse(
        {
            "issuer": issuer,
            "token_endpoint": f"{issuer}/oauth/token",
            "token_endpoint_auth_methods_supported": METHODS,
            "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
            "grant_types_supported": [GRANT],
            "response_types_supported": [],
            "service_documentation": f"{issuer}/docs",
        }
    )
