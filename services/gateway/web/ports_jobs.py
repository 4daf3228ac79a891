"""What the pages need of jobs: exports, and files of rows that are sent in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.gateway.web.ports import View
from shared.principal import Principal


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of rows. `records`: which kind, as its list is called; `system`: whose the ids in it are."""

    records: str
    format: str
    system: str | None
    content: bytes


class JobOffice(Protocol):
    """Somebody's exports and imports. All calls raise AppError; NotFoundError for others'."""

    async def listed(self, principal: Principal) -> Sequence[View]: ...

    async def one(self, principal: Principal, job_id: str) -> View: ...

    async def rejected(self, principal: Principal, job_id: str, cursor: str | None) -> View:
        """A page of the rows of an import that were refused."""
        ...

    async def export(
        self, principal: Principal, plural: str, wished: str, filters: Mapping[str, str], key: str
    ) -> str:
        """The new job's id. `wished`: the format."""
        ...

    async def check(self, principal: Principal, file: Sent, key: str) -> str:
        """The new job's id: it runs every rule over each row, and writes nothing."""
        ...

    async def write(self, principal: Principal, job_id: str, key: str) -> str:
        """The new job's id: it writes what that one only checked."""
        ...

    async def cancel(self, principal: Principal, job_id: str) -> None: ...

    async def delete(self, principal: Principal, job_id: str) -> None: ...
