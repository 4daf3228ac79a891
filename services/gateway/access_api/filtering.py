"""What lists of access records are narrowed by, as the API spells it."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from services.gateway.access_api.finding import Wanted
from services.gateway.partner_api.queries import wrong_parameter
from shared.contracts.gateway import GrantKind
from shared.ids import Kind
from shared.values import Moment

_OF_ALL = frozenset({"q", "status", "level"})
# A client is found by what its person is and holds: it acts for him, and never sees more.
_OF_PEOPLE = _OF_ALL | frozenset(GrantKind) | {"organisation", "expires_by"}
FILTERS: Mapping[Kind, frozenset[str]] = {
    Kind.PARTNER: _OF_ALL,
    Kind.ACCOUNT: _OF_PEOPLE,
    Kind.CLIENT: _OF_PEOPLE | {"account"},
}
SUSPENDED = {"active": False, "suspended": True}
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """Raises MalformedError, naming the parameter, when a status or a moment is none."""
    return Wanted(
        words=query.get("q", ""),
        level=query.get("level", ""),
        suspended=_suspended(query.get("status")),
        organisation=query.get("organisation", ""),
        account=query.get("account", ""),
        holds=tuple(f"{kind}:{query[kind]}" for kind in GrantKind if kind in query),
        ends_by=_moment("expires_by", query.get("expires_by")),
    )


def _suspended(status: str | None) -> bool | None:
    if status is None:
        return None
    if status not in SUSPENDED:
        raise wrong_parameter("status", "Give active or suspended.")
    return SUSPENDED[status]


def _moment(name: str, told: str | None) -> datetime | None:
    try:
        return _MOMENT.validate_python(told) if told else None
    except ValidationError:
        raise wrong_parameter(name, "Give a moment with its zone.") from None
