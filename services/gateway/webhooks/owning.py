"""Whose webhook it is: the client's that registered it, and the people's who answer for that client."""

from starlette.requests import Request

from services.gateway.authentication import authenticated
from services.gateway.webhooks import store
from services.gateway.webhooks.store import Webhook
from services.gateway.wiring import gateway_of
from shared.database import Pool
from shared.errors import ForbiddenError, NotFoundError
from shared.principal import Principal
from shared.roles import administers

MACHINE = "client:"


def client_of(principal: Principal) -> str:
    """The machine client that asks. Raises ForbiddenError when it is a person."""
    if not principal.client.startswith(MACHINE):
        raise ForbiddenError("Webhooks belong to machine clients; sign in as one.")
    return principal.client.removeprefix(MACHINE)


async def webhooks_of(pool: Pool, principal: Principal) -> list[Webhook]:
    """A machine's own; a person's clients', and an administrator's organisation's."""
    if principal.client.startswith(MACHINE):
        return await store.of_client(pool, client_of(principal))
    return await store.seen_by(
        pool,
        principal.subject,
        str(principal.organisation),
        administers=administers(principal.roles),
    )


async def webhook_of(pool: Pool, principal: Principal, webhook_id: str) -> Webhook:
    """Raises NotFoundError for one that is not the caller's, as for one that is not there."""
    hook = await store.webhook(pool, webhook_id)
    if hook is None or not _owns(principal, hook):
        raise NotFoundError("There is no such webhook.")
    return hook


async def asked_for(request: Request) -> Webhook:
    """The webhook a request names. Raises UnauthenticatedError, ForbiddenError, NotFoundError."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    return await webhook_of(gateway.pool, principal, request.path_params["id"])


def _owns(principal: Principal, hook: Webhook) -> bool:
    if principal.client.startswith(MACHINE):
        return hook.client_id == client_of(principal)
    own = hook.subject == principal.subject
    home = hook.organisation_id == str(principal.organisation)
    return own or (home and administers(principal.roles))
