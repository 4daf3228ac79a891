"""Sending what a form says to the deciding service, once however often the form is sent."""

from typing import Any

from services.gateway.web.forms import KEY_FIELD, Form
from services.gateway.web.languages import PSEUDO, SOURCE
from services.gateway.web.page import Page

Body = dict[str, Any]  # Any: JSON, checked by the service


async def send(page: Page, form: Form, path: str, body: Body) -> str:
    """The record's id. Raises AppError with the service's reasons."""
    answer = await page.dashboard.upstream.command(
        "engagements",
        "POST",
        path,
        body,
        page.session.principal,
        {"Idempotency-Key": form[KEY_FIELD]},
    )
    return str(answer.body["id"])


def writing_language(page: Page) -> str:
    """What is typed on a page is taken to be in the page's language."""
    return SOURCE if page.language.code == PSEUDO else page.language.code
