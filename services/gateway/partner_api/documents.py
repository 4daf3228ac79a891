"""The documents of the API: OpenAPI for machines, pages for people."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.openapi import document
from services.gateway.wiring import gateway_of


def document_routes() -> list[Route]:
    return [Route("/openapi.json", _openapi, methods=["GET"])]


async def _openapi(request: Request) -> Response:
    return json_answer(document(gateway_of(request).settings.public_url))
