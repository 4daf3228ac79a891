"""One job: what was asked, how far it has come, and the key all that is kept of it is sealed with."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any

import orjson

from services.gateway.wiring import Gateway
from shared.errors import AppError
from shared.ids import new_bytes
from shared.key_ring import SECRET_BYTES, WrappingKey
from shared.rewrapping import Wrapped

KEPT = timedelta(hours=24)
Json = dict[str, Any]  # Any: JSON


class JobWork(StrEnum):
    EXPORT = auto()
    IMPORT = auto()


class JobState(StrEnum):
    RECEIVING = auto()
    WAITING = auto()
    RUNNING = auto()
    DONE = auto()
    CANCELLED = auto()
    STOPPED = auto()


class JobStopped(StrEnum):
    """REVOKED: its caller is no longer let in. FAULT: ours. TOO_MANY: more than one file holds."""

    REVOKED = auto()
    FAULT = auto()
    TOO_MANY = auto()


@dataclass(frozen=True, slots=True)
class Job:
    """`client`: whose rights hold, at every step anew. Times are UTC."""

    job_id: str
    client: str
    organisation_id: str
    work: JobWork
    plural: str
    secret: bytes
    asked: bytes
    request_digest: str
    asked_at: datetime
    expires_at: datetime
    state: JobState = JobState.WAITING
    why: JobStopped | None = None
    rows_total: int | None = None
    rows_done: int = 0
    accepted: int = 0
    rejected: int = 0
    parts: int | None = None
    part: int = 0
    place: bytes | None = None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Box:
    """What is kept of one job, sealed with a key of its own that goes with it."""

    job_id: str
    key: WrappingKey

    def seal(self, place: str, content: Any) -> bytes:  # Any: JSON
        return self.key.seal(orjson.dumps(content), self._bound(place))

    def open(self, place: str, sealed: bytes) -> Any:  # Any: JSON
        """Raises AppError when it was changed, or stood elsewhere."""
        plain = self.key.open(sealed, self._bound(place))
        if plain is None:
            raise AppError("Something kept of this job was changed.")
        return orjson.loads(plain)

    def _bound(self, place: str) -> bytes:
        return f"job {place}|{self.job_id}".encode()


ASKED = "asked"


def new_box(gateway: Gateway, job_id: str) -> tuple[Box, bytes]:
    """And its key, sealed for the job's row."""
    secret = new_bytes(SECRET_BYTES)
    sealed = gateway.settings.wrapping.seal(secret, bound_to(job_id))
    return Box(job_id, WrappingKey(secret)), sealed


def box_of(gateway: Gateway, job: Job) -> Box:
    """Raises InvalidTag on tampering."""
    secret = gateway.settings.wrapping.open(job.secret, bound_to(job.job_id))
    return Box(job.job_id, WrappingKey(secret))


def asked_of(gateway: Gateway, job: Job) -> Json:
    found: Json = box_of(gateway, job).open(ASKED, job.asked)
    return found


def bound_to(job_id: str) -> bytes:
    """Of whose row the sealed key is."""
    return f"job key|{job_id}".encode()


# For `./parley keys`, which wraps secrets anew.
KEYS = Wrapped(
    "select job_id, secret from jobs where job_id > $1 order by job_id limit 500",
    "update jobs set secret = $3 where job_id = $1 and secret = $2",
    bound_to,
)


def id_of(gateway: Gateway, client: str, request: str, key: str) -> str:
    """The same for the same request made again, and guessed by nobody."""
    return _keyed(gateway, b"job", [client, request, key])[:32]


def digest_of(gateway: Gateway, asked: Any) -> str:  # Any: JSON
    """Keyed: nobody else can try out what was asked."""
    return _keyed(gateway, b"job request", asked)


def _keyed(gateway: Gateway, what: bytes, told: Any) -> str:  # Any: JSON
    named = what + orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    return hmac.digest(gateway.secret, named, hashlib.sha256).hex()
