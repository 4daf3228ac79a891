"""A file of rows sent in from a form: first every rule is run over it, then its sender has it written."""

import re

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from services.gateway.web import words_jobs
from services.gateway.web.forms import KEY_FIELD, Form, checked, place_errors
from services.gateway.web.lists import PLURALS
from services.gateway.web.page import Page, Reader
from services.gateway.web.ports_jobs import Sent
from services.gateway.web.routing import PageRoute
from services.gateway.web.saved_view_label import owners_only
from services.gateway.web.steps import new_key
from services.gateway.web.uploads import file_of, form_with_file
from services.gateway.web.words import N_
from shared.errors import AppError, FieldError, InvalidError, NotFoundError
from shared.http_edge import Uploads
from shared.roles import Action, allowed

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PATH = "/jobs/import"
SENT_IN = Uploads(re.compile(PATH))
REFUSED = 422
ENDINGS = {"csv": "csv", "ndjson": "ndjson", "jsonl": "ndjson"}
SYSTEM = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
OBJECT, NUL, BLANK, BYTE_ORDER_MARK = b"{", b"\x00", b" \t\r\n", b"\xef\xbb\xbf"
# Fields that errors stand beside, by their codes; all others stand beside the file.
FIELDS = {"system_required": "system", "system_invalid": "system", "no_records": "records"}


@router.get(PATH)
async def ask(page: Reader) -> Response:
    check_imports(page)
    return _form_page(page, Form({KEY_FIELD: new_key(), **_chosen(page)}))


@router.post(PATH)
async def send(page: Reader) -> Response:
    """Nothing is written yet. What is wrong with the file as a whole is said beside the form."""
    check_imports(page)
    async with form_with_file(page) as data:
        form = checked(page, data)
        try:
            sent = await _sent(page, form, data)
            job_id = await page.dashboard.jobs.check(page.session.principal, sent, form[KEY_FIELD])
        except AppError as refused:
            _place(form, refused)
            again = Form({**form.values, KEY_FIELD: new_key()}, errors=form.errors)
            return _form_page(page, again, REFUSED)
    return RedirectResponse(f"/jobs/{job_id}", 303)


def importable(page: Page) -> tuple[str, ...]:
    """Lists, by their names, that this reader may add to."""
    roles = page.session.principal.roles
    return tuple(name for kind, name in PLURALS.items() if allowed(roles, Action.CREATE, kind))


def check_imports(page: Page) -> None:
    """Raises NotFoundError for whoever may add to no list, as for any address that is not there."""
    if not importable(page):
        raise NotFoundError


def _chosen(page: Page) -> dict[str, str]:
    given = page.request.query_params.get("records", "")
    return {"records": given} if given in importable(page) else {}


async def _sent(page: Page, form: Form, data: FormData) -> Sent:
    """Raises AppError, by a code that has words."""
    if form["records"] not in importable(page):
        raise InvalidError("", code="no_records")
    system = form["system"] or None
    if system and not SYSTEM.fullmatch(system):
        raise InvalidError("", code="system_invalid")
    file, content = await file_of(data)
    return Sent(form["records"], _format(file.filename or "", content), system, content)


def _format(name: str, content: bytes) -> str:
    """By its ending, which must not belie what is in it. Raises InvalidError."""
    told = ENDINGS.get(name.rpartition(".")[2].lower())
    if told is None:
        raise InvalidError("", code="ending_unknown")
    begins = content.removeprefix(BYTE_ORDER_MARK).lstrip(BLANK)
    if NUL in content or begins.startswith(OBJECT) != (told == "ndjson"):
        raise InvalidError("", code="ending_mismatch")
    return told


def _place(form: Form, refused: AppError) -> None:
    """In words of the page, where it has any."""
    if words := words_jobs.IMPORT_WRONG.get(refused.code):
        form.add(FieldError("", refused.code, words), FIELDS.get(refused.code, "file"))
    else:
        place_errors(form, refused, lambda pointer: "")


def _form_page(page: Page, form: Form, status: int = 200) -> Response:
    shown = {
        "title": page.translated(N_("Send in a file")),
        "form": form,
        "kinds": importable(page),
        "label": owners_only(page),
    }
    return page.html("import.html", shown, status)
