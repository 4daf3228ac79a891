"""What emergency access let be read of an organisation's records, as that organisation is told."""

from services.gateway.emergency.schemas import EmergencyReadShown, EmergencyReadsShown
from services.gateway.partner_api.reading import views_of
from services.gateway.reads import paging
from services.gateway.reads.channels import Channel
from services.gateway.reads.looking import Seen, in_emergency
from services.gateway.reads.routes import shown
from services.gateway.wiring import Gateway
from shared.principal import Principal

OF = "emergency_reads"


async def emergency_reads_page(
    gateway: Gateway, principal: Principal, size: int, cursor: str | None
) -> EmergencyReadsShown:
    """The latest first: of records the caller reads without emergency access of his own."""
    own, before = principal.without_emergency, paging.before(gateway, principal, OF, cursor)
    found = await in_emergency(gateway.pool, own, before, size + 1)
    following = paging.following(gateway, principal, OF, [one.place for one in found], size)
    items = await _readable(gateway, own, found[:size])
    return EmergencyReadsShown(items=items, next_cursor=following)


async def _readable(
    gateway: Gateway, principal: Principal, found: list[Seen]
) -> list[EmergencyReadShown]:
    """Without those of records that are hidden from the caller by now."""
    unseen = gateway.upstream.by(Channel.UNSEEN)
    views = await views_of(unseen, principal, [one.record_id for one in found])
    return [
        EmergencyReadShown(
            **shown(gateway, principal, one).model_dump(),
            record=one.record_id,
            emergency=one.emergency_id or "",
            reason=one.reason or "",
        )
        for one in found
        if one.record_id in views
    ]
