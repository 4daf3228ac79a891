"""Whoever views as others, as a principal: one of the audience, bounded by what he reads himself."""

from collections.abc import Mapping
from dataclasses import replace

from services.gateway.access.session_store import Viewing
from services.gateway.explaining.somebody import NO_ORGANISATION, organisation_of, somebody
from shared.database import Pool, asking
from shared.ids import RecordId
from shared.policy import Policy
from shared.principal import Principal

_LEVEL = "select level from access_partners where organisation_id = $1 and not suspended"


async def viewed_by(pool: Pool, policy: Policy, viewer: Principal, viewing: Viewing) -> Principal:
    """As the audience stands now: of one that is no longer let in, nothing is seen."""
    return viewed(viewer, viewing, await _levels(pool, policy, viewing.audience))


def viewed(viewer: Principal, viewing: Viewing, levels: Mapping[str, int]) -> Principal:
    """Without a role, and without the rights of an owner: those are nobody's to borrow."""
    return replace(
        somebody(viewing.audience, levels),
        organisation=NO_ORGANISATION,
        stands_for=organisation_of(viewing.audience),
        client=viewer.client,
        language=viewer.language,
        policy_epoch=viewer.policy_epoch,
        viewer=viewer,
        under=RecordId.parse(viewing.id),
    )


async def _levels(pool: Pool, policy: Policy, audience: str) -> dict[str, int]:
    """None, which reads nothing, where the mission knows no such audience."""
    organisation = organisation_of(audience)
    if organisation is None:
        level = policy.community_levels.get(audience)
    else:
        async with asking(pool) as connection:
            named = await connection.fetchval(_LEVEL, str(organisation))
        level = {each.id: each.ordinal for each in policy.levels}.get(named)
    return {} if level is None else {policy.id: level}
