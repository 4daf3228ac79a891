"""The place a new place lies in, named by its id or by its p-code."""

from dataclasses import dataclass

from services.contacts.place import place
from shared.api.contacts import PlaceFields
from shared.commands_apply import load
from shared.commands_external import RECORDS_OF_ONE_ID, External, external_record_id
from shared.commands_kit import Kit
from shared.errors import InvalidError, invalid
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.values import ExternalId

# A place's p-code is also its external id in this system, so that it leads to the place's record.
PCODE = "pcode"


@dataclass(frozen=True, slots=True)
class Parent:
    """`area`: the p-code of the parent, or of what it lies in. `field`: where it was named."""

    id: RecordId | None = None
    area: str | None = None
    field: str = "/parent_id"


async def find_parent(kit: Kit, body: PlaceFields, principal: Principal) -> Parent:
    """Raises InvalidError for a p-code that leads to no place the caller may read."""
    if body.parent_id and body.parent_pcode:
        raise invalid("/parent_pcode", "invalid", "Give parent_id or parent_pcode, not both.")
    if body.parent_pcode:
        return await _by_pcode(kit, body.parent_pcode, principal)
    if body.parent_id is None or body.parent_id.kind is not Kind.PLACE:
        return Parent(body.parent_id)
    found = await load(kit, place, body.parent_id, principal)
    return Parent(body.parent_id, found.state.fields.area if found.state.fields else None)


async def _by_pcode(kit: Kit, pcode: str, principal: Principal) -> Parent:
    external = External(principal.organisation, ExternalId(system=PCODE, id=pcode))
    for n in range(RECORDS_OF_ONE_ID):
        record_id = external_record_id(kit.secret, Kind.PLACE, external, n)
        found = await load(kit, place, record_id, principal)
        if not found.exists:
            break
        if found.readable_by(principal.clearance) and found.state.fields:
            return Parent(record_id, found.state.fields.area, "/parent_pcode")
    raise _unknown()


def _unknown() -> InvalidError:
    return invalid("/parent_pcode", "unknown_reference", "There is no such place.")
