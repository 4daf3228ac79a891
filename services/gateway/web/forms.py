"""Forms that work without scripts: what was typed is kept, what was wrong is said beside its field."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.datastructures import FormData

from services.gateway.web.page import Page
from shared.errors import AppError, FieldError, ForbiddenError, InvalidError, MalformedError

CSRF_FIELD, KEY_FIELD = "csrf_token", "key"
FIELD_LIMIT = 300
NUL = "\x00"
GENERAL = ""


@dataclass(slots=True)
class Form:
    """Values as typed, and errors by field; the empty name holds those that fit no field."""

    values: Mapping[str, str]
    many: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: dict[str, list[FieldError]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def lines(self, name: str) -> list[str]:
        return [line.strip() for line in self[name].splitlines() if line.strip()]

    def add(self, error: FieldError, name: str) -> None:
        self.errors.setdefault(name, []).append(error)


async def submitted(page: Page, many: Sequence[str] = ()) -> Form:
    """The posted form. Raises ForbiddenError unless a page of this session made it."""
    data = await page.request.form(max_files=0, max_fields=FIELD_LIMIT)
    return checked(page, data, many)


def checked(page: Page, data: FormData, many: Sequence[str] = ()) -> Form:
    """As `submitted`, of a form that was read already; also raises MalformedError for what is no text."""
    values = _values(data)
    if NUL in "".join(one for _, one in data.multi_items() if isinstance(one, str)):
        raise MalformedError("The form holds a character that no text can hold.")
    given = values.get(CSRF_FIELD, "")
    if not hmac.compare_digest(page.session.csrf_token.encode(), given.encode()):
        raise ForbiddenError("The form is no longer valid; load the page again.", code="csrf")
    if not values.get(KEY_FIELD):
        raise MalformedError("The form has no key.")
    return Form(values, {name: [str(one) for one in data.getlist(name)] for name in many})


def place_errors(form: Form, error: AppError, field_of: Callable[[str], str]) -> None:
    """Puts each error beside the field it belongs to. Raises `error` again when it is not the form's."""
    if not isinstance(error, InvalidError) and error.status not in (400, 409, 422):
        raise error
    for one in error.errors:
        form.add(one, field_of(one.pointer))
    if not error.errors:
        form.add(FieldError("", error.code, error.detail), GENERAL)


def moment(date: str, time: str) -> str | None:
    """A date and a time in UTC as RFC 3339; None when they are not one moment."""
    try:
        return datetime.fromisoformat(f"{date}T{time}").replace(tzinfo=UTC).isoformat()
    except ValueError:
        return None


def _values(data: FormData) -> dict[str, str]:
    return {name: value.strip() for name, value in data.items() if isinstance(value, str)}
