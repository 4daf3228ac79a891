"""What the pages ask of jobs, answered and done as the API does it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.jobs import exporting, store
from services.gateway.jobs.checked import write_checked
from services.gateway.jobs.exporting import Wanted
from services.gateway.jobs.formats import FileFormat, formats_of
from services.gateway.jobs.receiving import Sending, receive
from services.gateway.jobs.showing import job_of, rejected_page, shown
from services.gateway.jobs.working import Jobs
from services.gateway.partner_api.kinds import KINDS
from services.gateway.web.ports_jobs import Sent
from shared.clock import utc_now
from shared.errors import NotFoundError
from shared.principal import Principal

PAGE_ROWS = 50
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class GatewayJobOffice:
    jobs: Jobs

    async def listed(self, principal: Principal) -> list[Json]:
        gateway = self.jobs.gateway
        found = await store.of_client(gateway.pool, principal.client, utc_now())
        return [shown(gateway, job).model_dump(mode="json") for job in found]

    async def one(self, principal: Principal, job_id: str) -> Json:
        job = await job_of(self.jobs.gateway, principal, job_id)
        return shown(self.jobs.gateway, job).model_dump(mode="json")

    async def rejected(self, principal: Principal, job_id: str, cursor: str | None) -> Json:
        gateway = self.jobs.gateway
        job = await job_of(gateway, principal, job_id)
        page = await rejected_page(gateway, principal, job, cursor, PAGE_ROWS)
        return page.model_dump(mode="json")

    async def export(
        self, principal: Principal, plural: str, wished: str, filters: Mapping[str, str], key: str
    ) -> str:
        api = next((each for each in KINDS if each.plural == plural), None)
        if api is None or wished not in formats_of(api.kind):
            raise NotFoundError
        wanted = Wanted(api, filters, None, FileFormat(wished))
        job, _ = await exporting.ask(self.jobs.gateway, principal, key, wanted)
        self.jobs.called.set()
        return job.job_id

    async def check(self, principal: Principal, file: Sent, key: str) -> str:
        api = next((each for each in KINDS if each.plural == file.records), None)
        if api is None:
            raise NotFoundError
        sending = Sending(api, FileFormat(file.format), file.system, validate_only=True)
        job, _ = await receive(self.jobs.gateway, principal, key, sending, _whole(file.content))
        self.jobs.called.set()
        return job.job_id

    async def write(self, principal: Principal, job_id: str, key: str) -> str:
        checked = await job_of(self.jobs.gateway, principal, job_id)
        job, _ = await write_checked(self.jobs.gateway, principal, key, checked)
        self.jobs.called.set()
        return job.job_id

    async def cancel(self, principal: Principal, job_id: str) -> None:
        job = await job_of(self.jobs.gateway, principal, job_id)
        await store.cancel(self.jobs.gateway.pool, job.job_id, utc_now())

    async def delete(self, principal: Principal, job_id: str) -> None:
        job = await job_of(self.jobs.gateway, principal, job_id)
        await store.delete(self.jobs.gateway.pool, job.job_id)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
