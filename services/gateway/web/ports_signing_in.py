"""What the pages need of the ways people sign in besides passwords."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request

from services.gateway.web.ports import Session, View


@dataclass(frozen=True, slots=True)
class ProviderShown:
    """Who else lets people in, as the installation is set up: what it is called, and its `issuer`."""

    name: str
    issuer: str


@dataclass(frozen=True, slots=True)
class OwnPasskeys:
    """Somebody's passkeys: `id`, `name`, `added_at`, `used_at`; `fresh`: whether he has just signed in."""

    items: Sequence[View]
    fresh: bool


class Passkeys(Protocol):
    """Passkeys of who is signed in. All calls raise AppError."""

    def offered_at(self, request: Request) -> bool:
        """Whether a browser at this address can use them."""
        ...

    @property
    def address(self) -> str | None:
        """Where they can be used; None: nowhere."""
        ...

    async def own(self, session: Session) -> OwnPasskeys: ...

    async def rename(self, session: Session, key: str, passkey_id: str, name: str) -> None: ...

    async def remove(self, session: Session, key: str, passkey_id: str) -> None: ...
