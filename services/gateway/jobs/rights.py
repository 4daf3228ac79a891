"""With whose rights a job goes on: its caller's, as he stands at this moment."""

from services.gateway.jobs.job import Job
from services.gateway.wiring import Gateway
from shared.principal import Principal

MACHINE = "client"


async def principal_now(gateway: Gateway, job: Job) -> Principal | None:
    """None when he is no longer let in, or acts for another organisation. Emergency access opens nothing."""
    family, _, name = job.client.partition(":")
    look_up = gateway.roll.client if family == MACHINE else gateway.roll.person
    known = await look_up(name)
    if known is None or str(known.principal.organisation) != job.organisation_id:
        return None
    return known.principal
