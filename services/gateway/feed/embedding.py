"""The reader's own view of each record that changed, for those who asked to have it along."""

from typing import Any

from services.gateway.feed.changes import REVOKED, Pulled, what_of
from services.gateway.partner_api.reading import views_of
from services.gateway.partner_api.views import rendered
from services.gateway.reads.channels import Channel
from services.gateway.wiring import Gateway
from shared.principal import Principal


async def records_of(
    gateway: Gateway, principal: Principal, pulled: Pulled
) -> dict[str, dict[str, Any]]:  # Any: JSON
    """Views by record id, as they are now; what is no longer readable is not among them."""
    changed = {c["record_id"] for c, _ in pulled.changes if what_of(c) != REVOKED}
    views = await views_of(gateway.upstream.by(Channel.FEED), principal, changed)
    secret = gateway.secret
    return {record_id: rendered(secret, view) for record_id, view in views.items()}
