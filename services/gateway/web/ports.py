"""What the pages need from the rest of the gateway, and nothing more of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from starlette.requests import Request

from shared.principal import Principal

View = Mapping[str, Any]  # Any: a record as reporting rendered it for this reader, parsed from JSON

# A community or `org:..`, and the caveats that somebody of it holds.
Audience = tuple[str, Sequence[str]]
Wanted = Mapping[str, Mapping[str, Any]]  # Any: labels on the wire, by group


class Emergency(Protocol):
    """Emergency access that is open."""

    @property
    def id(self) -> str: ...
    @property
    def caveats(self) -> frozenset[str]: ...
    @property
    def until(self) -> datetime: ...


class Viewing(Protocol):
    """A view of others that somebody is in. `audience`: a community, or `org:` and an organisation's id."""

    @property
    def id(self) -> str: ...
    @property
    def audience(self) -> str: ...
    @property
    def until(self) -> datetime: ...


class Session(Protocol):
    """Somebody signed in. `emergency`: the access he opened for himself, while it is open; `viewing`: as whom
    he looks, if not as himself."""

    @property
    def principal(self) -> Principal: ...
    @property
    def display_name(self) -> str: ...
    @property
    def csrf_token(self) -> str: ...
    @property
    def signed_in_at(self) -> datetime | None: ...
    @property
    def emergency(self) -> Emergency | None: ...
    @property
    def viewing(self) -> Viewing | None: ...


class Lasting(Protocol):
    """A session of somebody's that has not ended. `this`: it is the one that asks."""

    @property
    def signed_in_at(self) -> datetime: ...
    @property
    def last_seen_at(self) -> datetime: ...
    @property
    def this(self) -> bool: ...


class ServiceAnswer(Protocol):
    """What a service said to a command it accepted."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> Mapping[str, Any]: ...  # Any: JSON


class Upstream(Protocol):
    """Services behind the gateway. All calls raise AppError with the service's problem."""

    async def get(
        self, service: str, path: str, params: Mapping[str, str], principal: Principal
    ) -> dict[str, Any]: ...  # Any: JSON

    async def command(
        self,
        service: str,
        method: str,
        path: str,
        body: bytes | Mapping[str, Any],  # Any: JSON
        principal: Principal,
        headers: Mapping[str, str],
    ) -> ServiceAnswer: ...

    async def file(self, service: str, path: str, principal: Principal) -> bytes: ...


@dataclass(frozen=True, slots=True)
class SavedView:
    """A page under a name. `audience`: `me` or `organisation`; `mine`: the reader may change it."""

    view_id: str
    name: str
    address: str
    audience: str
    mine: bool
    is_home: bool


class SavedViews(Protocol):
    """Views people keep. Changing one that is not one's own raises NotFoundError."""

    async def listed(self, principal: Principal) -> list[SavedView]: ...

    async def save(self, principal: Principal, name: str, address: str, audience: str) -> None: ...

    async def rename(self, principal: Principal, view_id: str, name: str) -> None: ...

    async def delete(self, principal: Principal, view_id: str) -> None: ...

    async def begin_with(self, principal: Principal, view_id: str | None) -> None: ...


class Oversight(Protocol):
    """Who may see what, and who has. All calls raise AppError."""

    async def explained(self, principal: Principal, view: View) -> View:
        """Why he sees it and, when it is his organisation's, who else may; as the API answers it."""
        ...

    async def previewed(
        self, view: View, named: Sequence[View], wanted: Wanted, audience: Audience
    ) -> View:
        """`view`: what somebody of `audience` would get under the wanted labels, None: nothing; `named`:
        which of these records he reads; `reach`: how many of whom read each group, now and then."""
        ...

    async def extract_to_be(
        self, principal: Principal, service: str, path: str, body: View
    ) -> View:
        """`view`: an extract as its maker would see it, were it made of `body`; `needs`: the `code` and
        `detail` of what has to be asked for first, or None. Nothing is written."""
        ...

    async def read_by(
        self, view: View, named: Sequence[View], audiences: Sequence[Audience]
    ) -> View:
        """`readings`: `who` of `audiences` would get the same `view` (None: nothing) and which of the `named`
        they read; `readers`: how many people of each organisation could read it."""
        ...

    async def seen_by(self, principal: Principal, view: View, cursor: str | None) -> View:
        """A page of who has seen it, for its owner; as the API answers it."""
        ...

    async def called(self, principal: Principal, account_id: str) -> str:
        """The name of a person of his organisation; empty for everybody else, and for machines."""
        ...


class AccessOffice(Protocol):
    """Access administration. All calls raise AppError; ForbiddenError for everybody but administrators.

    `plural` is a family of access records: `people`, `clients` or `partners`.
    """

    async def found(
        self, principal: Principal, plural: str, filters: Mapping[str, str], cursor: str
    ) -> View:
        """A page of `items` by name, their `count`, and `next_cursor`."""
        ...

    async def one(self, principal: Principal, plural: str, record_id: str) -> View: ...

    async def partner_names(self, principal: Principal) -> Mapping[str, str]:
        """What each partner is called, by the id of its organisation's record."""
        ...

    async def history(self, principal: Principal, plural: str, record_id: str) -> View:
        """`items`, the latest first, and `names` of who is behind them."""
        ...

    async def make(
        self, principal: Principal, plural: str, body: Mapping[str, Any], key: str
    ) -> View:  # Any: JSON
        """The new record's `id`."""
        ...

    async def act(
        self,
        principal: Principal,
        place: tuple[str, str, str],
        body: Mapping[str, Any],  # Any: JSON
        key: str,
        seen: str,
    ) -> View:
        """`place`: family, id and verb; `seen`: the version the form was made from, empty: any.
        With `secret` where one was made."""
        ...


@dataclass(frozen=True, slots=True)
class MayOpen:
    """What somebody may open, in words by id; `fresh`: whether he has just signed in."""

    caveats: Mapping[str, str]
    fresh: bool


class Emergencies(Protocol):
    """Emergency access, told as the API tells it. All calls raise AppError."""

    def offered(self, principal: Principal) -> bool:
        """Whether the mission gives his roles the right at all."""
        ...

    def may_open(self, session: Session) -> MayOpen:
        """Raises ForbiddenError where it is not offered."""
        ...

    async def open(
        self, session: Session, key: str, caveats: Sequence[str], minutes: int | None, reason: str
    ) -> None: ...

    async def close(self, session: Session, key: str, emergency_id: str) -> None: ...

    async def review(
        self, session: Session, key: str, emergency_id: str, finding: str, note: str
    ) -> None: ...

    async def listed(self, principal: Principal, cursor: str | None) -> View: ...

    async def one(self, principal: Principal, emergency_id: str) -> View: ...

    async def looks(self, principal: Principal, emergency_id: str, cursor: str | None) -> View:
        """What was read under it."""
        ...

    async def of_owner(self, principal: Principal, cursor: str | None) -> View:
        """What it let be read of the records of his organisation."""
        ...


class Viewings(Protocol):
    """Viewing as others. All calls raise AppError."""

    async def organisations(self, principal: Principal) -> Sequence[str]:
        """Ids of those one may view as; each is readable. Raises ForbiddenError for roles that may not."""
        ...

    async def begin(self, request: Request, key: str, audience: str) -> None:
        """The session of `request` looks so from then on. Raises InvalidError for what is no audience."""
        ...

    async def leave(self, request: Request, key: str) -> None: ...

    async def of_person(self, principal: Principal, account_id: str) -> Sequence[View]:
        """The latest first, for those who administer access: `audience`, `began_at`, `until`, `left_at`."""
        ...


class WebhookOffice(Protocol):
    """Webhooks of somebody's machine clients. All calls raise AppError; NotFoundError for others'."""

    async def listed(self, principal: Principal) -> Sequence[View]: ...

    async def one(self, principal: Principal, webhook_id: str) -> View: ...

    async def log(self, principal: Principal, webhook_id: str, query: Mapping[str, str]) -> View:
        """A page of its delivery log, the latest first; `query`: `state` and `cursor`."""
        ...

    async def act(self, principal: Principal, webhook_id: str, verb: str, key: str) -> View:
        """activate, disable, ping, rotate (tells the `secret`) or delete."""
        ...

    async def replay(
        self,
        principal: Principal,
        webhook_id: str,
        message_ids: list[str] | None,
        period: tuple[datetime | None, datetime | None],
    ) -> int:
        """How many are to be sent again: those named, or queued in the period (UTC)."""
        ...
