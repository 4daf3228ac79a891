"""How the engagements service is put together: what routes may ask for."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request, Response

from services.engagements.attachment_desk import AttachmentDesk
from services.engagements.commitment_desk import CommitmentDesk
from services.engagements.desk import EngagementDesk
from services.engagements.following import Following, check_found
from shared.errors import InvalidError
from shared.http_commands import Accepted, status_of

UNKNOWN = "unknown_reference"


async def contacts_followed(request: Request) -> AsyncIterator[None]:
    """Goes on once the service knows of contacts what its caller knows, or has waited for it.

    Raises BusyError instead of telling that a record is unknown which may be on its way.
    """
    following: Following = request.app.state.following
    await following.until(request.headers.get("Parley-At-Least"))
    try:
        yield
    except InvalidError as wrong:
        if any(one.code == UNKNOWN for one in wrong.errors):
            check_found()
        raise


Followed = Annotated[None, Depends(contacts_followed)]


async def engagement_desk(request: Request, followed: Followed) -> EngagementDesk:
    desk: EngagementDesk = request.app.state.engagement_desk
    return desk


async def commitment_desk(request: Request, followed: Followed) -> CommitmentDesk:
    desk: CommitmentDesk = request.app.state.commitment_desk
    return desk


async def attachment_desk(request: Request, followed: Followed) -> AttachmentDesk:
    desk: AttachmentDesk = request.app.state.attachment_desk
    return desk


Engagements = Annotated[EngagementDesk, Depends(engagement_desk)]
Commitments = Annotated[CommitmentDesk, Depends(commitment_desk)]
Attachments = Annotated[AttachmentDesk, Depends(attachment_desk)]


def answered(accepted: Accepted, response: Response) -> Accepted:
    """The answer, with the status that fits it."""
    response.status_code = status_of(accepted)
    return accepted
