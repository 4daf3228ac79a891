"""Viewing as others in a world where everything is real."""

from services.gateway.access.administration import in_office
from services.gateway.access.session_store import view_in
from services.gateway.viewing.viewing import BeginViewing
from shared.clock import held_at
from shared.idempotency import CommandRequest
from shared.ids import Kind
from shared.labels import Clearance
from shared.policy import Policy
from shared.trace import new_trace
from tests.worlds.asking import Seat

ORGANISATION = "org:"


async def view_as(seat: Seat, audience: str, key: str) -> None:
    """As the form does it, and of any organisation: in these worlds none has a record to be known by."""
    gateway = seat.world.apps["gateway"].state.gateway
    known = await gateway.roll.person(seat.world.people[seat.persona]["id"])
    assert known
    hat = in_office(known.principal, gateway.policy, gateway.settings.mission)
    request = CommandRequest(hat, key, "view as", b"", str(new_trace()))
    record_id = gateway.access.new_id(Kind.VIEWING, request)
    begin = BeginViewing(known.principal.organisation, audience)
    with held_at(seat.world.moment.now):
        await gateway.access.viewing(record_id, begin, request)
    await view_in(gateway.pool, seat.cookie.partition("=")[2], str(record_id))


def typical(audience: str, policy: Policy) -> Clearance:
    """What somebody of an audience holds: the audience, its level, and nothing else."""
    if audience.startswith(ORGANISATION):
        level = max(each.ordinal for each in policy.levels)
        return Clearance({policy.id: level}, frozenset({audience, "community:all"}), frozenset())
    atoms = frozenset({f"community:{audience}", "community:all"})
    return Clearance({policy.id: policy.community_levels[audience]}, atoms, frozenset())
