"""Beginning and leaving a view of others: who may, as whom, and what is written down about it."""

import hashlib

from services.gateway.access.administration import in_office
from services.gateway.access.session_store import view_in
from services.gateway.explaining.somebody import ORGANISATION
from services.gateway.partner_api.reading import views_of
from services.gateway.reads.channels import Channel
from services.gateway.sessions import Session
from services.gateway.viewing.looking import partners_let_in
from services.gateway.viewing.viewing import BeginViewing, LeaveViewing
from services.gateway.wiring import Gateway
from shared import trace
from shared.errors import ForbiddenError, invalid
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.roles import may_view_as


async def begin(
    gateway: Gateway, cookie_value: str, session: Session, key: str, audience: str
) -> None:
    """The session looks so from then on, and first it is written down that it will.

    Raises ForbiddenError for roles that may not, InvalidError for what is no audience to him.
    """
    viewer = session.principal
    check_may(viewer)
    if audience not in gateway.policy.communities:
        await _check_organisation(gateway, viewer, audience)
    request = _request(gateway, viewer, key, f"page view-as {audience}")
    record_id = gateway.access.new_id(Kind.VIEWING, request)
    order = BeginViewing(viewer.organisation, audience)
    await gateway.access.viewing(record_id, order, request)
    await view_in(gateway.pool, cookie_value, str(record_id))


async def leave(gateway: Gateway, session: Session, key: str) -> None:
    """Back to his own view; nothing when he has it already."""
    if session.viewing is None:
        return
    request = _request(gateway, session.principal.asker, key, f"page leave {session.viewing.id}")
    await gateway.access.viewing(RecordId.parse(session.viewing.id), LeaveViewing(), request)


def check_may(principal: Principal) -> None:
    """Raises ForbiddenError unless his role lets him look as others do."""
    if not may_view_as(principal.roles):
        raise ForbiddenError("Your role does not let you view as others.")


async def organisations(gateway: Gateway, viewer: Principal) -> list[str]:
    """Partners that are let in, as far as he reads of them: others he could not tell by name."""
    unseen = gateway.upstream.by(Channel.UNSEEN)
    return sorted(await views_of(unseen, viewer, await partners_let_in(gateway.pool)))


async def _check_organisation(gateway: Gateway, viewer: Principal, audience: str) -> None:
    named = audience.removeprefix(ORGANISATION)
    if named == audience or named not in await organisations(gateway, viewer):
        raise invalid("/audience", "unknown_audience", "No such community or organisation here.")


def _request(gateway: Gateway, principal: Principal, key: str, route: str) -> CommandRequest:
    hat = in_office(principal, gateway.policy, gateway.settings.mission)
    digest = hashlib.sha256(route.encode()).digest()
    return CommandRequest(hat, key, route, digest, str(trace.current() or trace.new_trace()))
