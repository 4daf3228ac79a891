"""The reader's own view of each record that changed, for those who asked to have it along."""

from typing import Any

from services.gateway.feed.changes import REPORTING, REVOKED, Pulled
from services.gateway.partner_api.views import rendered
from services.gateway.wiring import Gateway
from shared.principal import Principal

AT_ONCE = 100


async def records_of(
    gateway: Gateway, principal: Principal, pulled: Pulled
) -> dict[str, dict[str, Any]]:  # Any: JSON
    """Views by record id, as they are now; what is no longer readable is not among them."""
    changed = {c["record_id"] for c, _ in pulled.changes if c["what"] != REVOKED}
    wanted, found = sorted(changed), {}
    for first in range(0, len(wanted), AT_ONCE):
        ids = wanted[first : first + AT_ONCE]
        params = {"ids": ",".join(ids), "page_size": str(AT_ONCE)}
        answer = await gateway.upstream.get(REPORTING, "/records", params, principal)
        for view in answer["items"]:
            found[view["id"]] = rendered(gateway.settings.tokens_secret, view)
    return found
