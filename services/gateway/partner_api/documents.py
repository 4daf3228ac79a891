"""The documents of the API: OpenAPI for machines, a page for people that fetches nothing from outside."""

from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from services.gateway.partner_api import docs_shown
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.asyncapi import async_document
from services.gateway.partner_api.openapi import document
from services.gateway.wiring import gateway_of

FOLDER = Path(__file__).with_name("docs")


def document_routes() -> list[Route]:
    return [
        Route("/openapi.json", _openapi, methods=["GET"]),
        Route("/asyncapi.json", _asyncapi, methods=["GET"]),
        Route("/docs", _docs, methods=["GET"]),
        Route("/docs/docs.css", _style, methods=["GET"]),
    ]


async def _openapi(request: Request) -> Response:
    return json_answer(document(gateway_of(request).settings.public_url))


async def _asyncapi(request: Request) -> Response:
    return json_answer(async_document(gateway_of(request).settings.public_url))


async def _docs(request: Request) -> Response:
    pages = Environment(loader=FileSystemLoader(FOLDER), autoescape=select_autoescape())
    pages.filters |= {
        "pretty": _pretty,
        "in_code": docs_shown.in_code,
        "type_of": docs_shown.type_of,
        "shape_of": docs_shown.shape_of,
        "responses": docs_shown.responses,
    }
    api = document(gateway_of(request).settings.public_url)
    told = {"subjects": docs_shown.subjects(api), "shapes": docs_shown.shapes(api)}
    return HTMLResponse(pages.get_template("docs.html").render(api=api, **told))


async def _style(request: Request) -> Response:
    return Response((FOLDER / "docs.css").read_bytes(), media_type="text/css")


def _pretty(value: Any) -> str:  # Any: JSON
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
