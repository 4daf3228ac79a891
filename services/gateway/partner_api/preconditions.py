"""If-Match: compares the caller's view, then holds the service to the version that view was made from.

A change the caller may not see moves the record's own version and not his view's: then it is tried again.
"""

from typing import TYPE_CHECKING, Any

from services.gateway.partner_api import etags
from services.gateway.partner_api.reading import Reading
from services.gateway.reads.channels import Channel
from services.gateway.upstream import ServiceAnswer
from shared.errors import AppError, BusyError, PreconditionError, PreconditionRequiredError

if TYPE_CHECKING:
    from services.gateway.partner_api.writing import Write

CONFLICT = "version_conflict"
EXPECTED = "Parley-Expected-Version"
# No record that exists has it: only a command that was carried out before is answered under it.
NEVER = "0"
TRIES = 12
CATCH_UP_SECONDS = 0.25


async def send(
    write: "Write", reading: Reading, record_id: str, header: str | None
) -> ServiceAnswer:
    """Raises NotFoundError, then PreconditionRequiredError or PreconditionError."""
    unseen = write.gateway.upstream.by(Channel.UNSEEN)
    for _ in range(TRIES):
        seen = write.gateway.wake.count
        view = await reading.view(unseen, write.principal, record_id)
        expected = _expected(write, view, header)
        try:
            return await write.send({} if header == etags.ANY else {EXPECTED: expected})
        except AppError as refused:
            if refused.code != CONFLICT:
                raise
        if expected == NEVER:
            raise PreconditionError("The record is not as you last saw it; read it again.")
        await write.gateway.wake.after(seen, CATCH_UP_SECONDS)
    raise BusyError("The record is changing too fast; try again.", retry_after_seconds=1)


def _expected(
    write: "Write", view: dict[str, Any], header: str | None
) -> str:  # Any: a view's JSON
    if header is None:
        raise PreconditionRequiredError("Send If-Match with the version you last saw.")
    version = etags.version_of_view(write.gateway.secret, view)
    return str(view["source_version"]) if etags.matches(header, version) else NEVER
