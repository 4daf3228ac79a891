"""Query parameters: known ones only, each once and with a value.

So that a misspelt filter, or one whose value was never filled in, is never silently no filter.
"""

from collections.abc import Collection, Iterable

from starlette.requests import Request

from shared.errors import FieldError, MalformedError

FILTERS = frozenset(
    {
        "status", "type", "organisation_kind", "area", "party", "owner", "from", "to", "bbox", "q",
        "sort", "as_of", "placed", "dated", "overdue", "release_waits",
        "removal_waits", "source_changed", "review_by", "ids",
    }
)  # fmt: skip
PAGE = frozenset({"page_size", "cursor", "count", "fields", "at_least"})
PAGE_SIZE = 50
PAGE_SIZE_LIMIT = 500
VALUE_LIMIT = 20_000


def query_of(request: Request, known: Iterable[str]) -> dict[str, str]:
    """Raises MalformedError, naming each parameter that is unknown, repeated or far too long."""
    allowed, found, wrong = frozenset(known), {}, []
    for name, value in request.query_params.multi_items():
        if name not in allowed:
            wrong.append(FieldError(f"?{name}", "unknown_parameter", "There is no such parameter."))
        elif name in found:
            wrong.append(FieldError(f"?{name}", "repeated", "Give it once."))
        elif not value or len(value) > VALUE_LIMIT or "\x00" in value:
            wrong.append(FieldError(f"?{name}", "invalid", "This is not a value for it."))
        found[name] = value
    if wrong:
        raise MalformedError("The query is not right.", errors=tuple(wrong))
    return found


def page_size_of(query: dict[str, str]) -> int:
    given = query.get("page_size", str(PAGE_SIZE))
    if not given.isdecimal() or not given.isascii() or not 1 <= int(given[:9]) <= PAGE_SIZE_LIMIT:
        raise wrong_parameter("page_size", f"Give a number from 1 to {PAGE_SIZE_LIMIT}.")
    return int(given)


def flag_of(query: dict[str, str], name: str) -> bool:
    given = query.get(name, "false")
    if given not in ("true", "false"):
        raise wrong_parameter(name, "Give true or false.")
    return given == "true"


def fields_of(query: dict[str, str], known: Collection[str]) -> frozenset[str] | None:
    """The fields asked for; None when all are. Raises MalformedError for one that no view has."""
    if "fields" not in query:
        return None
    asked = frozenset(query["fields"].split(","))
    if unknown := sorted(asked - frozenset(known)):
        raise wrong_parameter("fields", f"There is no field {unknown[0][:50]!r}.")
    return asked


def wrong_parameter(name: str, detail: str) -> MalformedError:
    return MalformedError(
        "The query is not right.", errors=(FieldError(f"?{name}", "invalid", detail),)
    )
