"""Sending what a form says to the deciding service, once however often the form is sent."""

from typing import Any

from services.gateway.web.forms import KEY_FIELD, Form
from services.gateway.web.languages import PSEUDO, SOURCE
from services.gateway.web.page import Page

VERSION_FIELD = "version"
EXPECTED = "Parley-Expected-Version"
Body = dict[str, Any]  # Any: JSON, checked by the service


async def send(page: Page, form: Form, path: str, body: Body) -> str:
    """The record's id. Raises AppError with the service's reasons."""
    return str((await ordered(page, form, "engagements", path, body))["id"])


async def ordered(page: Page, form: Form, service: str, path: str, body: Body) -> Body:
    """The service's answer. What replaces a whole is held to the version its form was made from."""
    headers = {"Idempotency-Key": form[KEY_FIELD]}
    if form[VERSION_FIELD]:
        headers[EXPECTED] = form[VERSION_FIELD]
    upstream, principal = page.dashboard.upstream, page.session.principal
    answer = await upstream.command(service, "POST", path, body, principal, headers)
    return dict(answer.body)


def writing_language(page: Page) -> str:
    """What is typed on a page is taken to be in the page's language."""
    return SOURCE if page.language.code == PSEUDO else page.language.code
