"""The pages on the gateway itself: its sessions, its services and its live stream."""

from collections.abc import Sequence

from starlette.requests import Request

from services.gateway.access.accounts import account_by_id
from services.gateway.access.session_store import sessions_of
from services.gateway.access_office import GatewayAccessOffice
from services.gateway.emergency.pages import GatewayEmergencies
from services.gateway.feed.changes import pull, sealed
from services.gateway.job_office import GatewayJobOffice
from services.gateway.jobs.working import Jobs
from services.gateway.overseeing import GatewayOversight
from services.gateway.passkeys.pages import GatewayPasskeys
from services.gateway.reads.channels import Channel
from services.gateway.saved_views import SavedViews
from services.gateway.sessions import Session, current_session
from services.gateway.viewing.pages import GatewayViewings
from services.gateway.web.dashboard import Behind, Dashboard, dashboard
from services.gateway.web.page import HTMX
from services.gateway.web.ports import Lasting
from services.gateway.webhook_office import GatewayWebhookOffice
from services.gateway.webhooks.sending import Sending
from services.gateway.wiring import Gateway, gateway_of
from shared.principal import Principal


def gateway_dashboard(gateway: Gateway, sending: Sending, jobs: Jobs) -> Dashboard:
    behind = Behind(
        upstream=gateway.upstream.by(Channel.PAGE),
        session=_session,
        place=_place,
        views=SavedViews(gateway.pool),
        oversight=GatewayOversight(gateway),
        access=GatewayAccessOffice(gateway),
        emergencies=GatewayEmergencies(gateway),
        viewings=GatewayViewings(gateway),
        webhooks=GatewayWebhookOffice(sending),
        passkeys=GatewayPasskeys(gateway),
        provider=gateway.settings.provider,
        sessions=_sessions,
        jobs=GatewayJobOffice(jobs),
    )
    tls = gateway.settings.speaks_tls
    return dashboard(gateway.policy, behind, exercise=gateway.exercise, tls=tls)


async def _session(request: Request) -> Session | None:
    """What a page asks by itself is no use of the session: a screen left open does not keep it alive."""
    return await current_session(request, touch=HTMX not in request.headers)


async def _sessions(request: Request, principal: Principal) -> Sequence[Lasting]:
    gateway = gateway_of(request)
    account = await account_by_id(gateway.pool, principal.subject)
    since = account.sessions_since if account else None
    here = request.cookies.get(gateway.cookie_name, "")
    return await sessions_of(gateway.pool, principal.subject, since, here)


async def _place(request: Request, principal: Principal) -> str:
    gateway = gateway_of(request)
    return sealed(gateway, principal, (await pull(gateway, principal, None)).cursor)
