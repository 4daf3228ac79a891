"""A sign-in that has begun: what the browser must bring back from the provider, sealed into its cookie."""

import base64
import hashlib
import hmac
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from services.gateway.oidc.errors import NotBelievedError
from shared.errors import MalformedError
from shared.ids import new_bytes
from shared.sealed_tokens import Purpose, TokenBook

LASTING = timedelta(minutes=10)
ANYBODY = "signing in"
TARGET_LIMIT = 600


@dataclass(frozen=True, slots=True)
class Begun:
    """`target`: where the person wants to go; `fresh`: whether the provider must ask who he is anew;
    `at`: seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    target: str
    fresh: bool
    at: int

    @property
    def challenge(self) -> str:
        """RFC 7636, 4.2: S256."""
        return _spelled(hashlib.sha256(self.verifier.encode()).digest())

    def is_over(self, now: datetime) -> bool:
        return not 0 <= now.timestamp() - self.at <= LASTING.total_seconds()


def begin(target: str, now: datetime, *, fresh: bool) -> Begun:
    kept = target if len(target.encode()) <= TARGET_LIMIT else "/"
    state, nonce, verifier = (_spelled(new_bytes(32)) for _ in range(3))
    return Begun(state, nonce, verifier, kept, fresh, int(now.timestamp()))


def sealed(book: TokenBook, begun: Begun) -> str:
    return book.seal(Purpose.SIGN_IN, ANYBODY, asdict(begun))


def opened(book: TokenBook, cookie: str, state: str, now: datetime) -> Begun:
    """Raises NotBelievedError unless this browser began, of late, what comes back with `state`."""
    try:
        begun = Begun(**book.open(Purpose.SIGN_IN, ANYBODY, cookie))
    except MalformedError as wrong:
        raise NotBelievedError("nothing was begun here") from wrong
    if not hmac.compare_digest(begun.state.encode(), state.encode("utf-8", "replace")):
        raise NotBelievedError("something else was begun here")
    if begun.is_over(now):
        raise NotBelievedError("it was begun too long ago")
    return begun


def _spelled(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
