"""Where an engagement takes place: words, linked to the gazetteer's place when one is meant."""

from services.engagements.following import check_found
from services.engagements.reference_store import ReferenceStore
from services.engagements.references import ACTIVE, Known
from shared.api.engagements import PlaceIn
from shared.contracts.contacts import PlaceLevel
from shared.errors import FieldError, InvalidError, invalid
from shared.folding import folded
from shared.ids import Kind, RecordId
from shared.labels import from_json, reads
from shared.policy import Policy
from shared.principal import Principal
from shared.values import Place, Point, Precision

CANDIDATES_LIMIT = 20

# How exact the point of a place is when the gazetteer does not say.
PRECISIONS = {
    PlaceLevel.COUNTRY: Precision.COUNTRY,
    PlaceLevel.ADMIN1: Precision.PROVINCE,
    PlaceLevel.ADMIN2: Precision.DISTRICT,
    PlaceLevel.ADMIN3: Precision.DISTRICT,
    PlaceLevel.SETTLEMENT: Precision.SETTLEMENT,
    PlaceLevel.SITE: Precision.NEAR,
}


class Gazetteer:
    """Finds places for one caller: what he may not read does not exist."""

    def __init__(self, references: ReferenceStore, policy: Policy) -> None:
        self._references = references
        self._policy = policy

    async def resolve(self, asked: PlaceIn, principal: Principal) -> Place:
        """The place meant. Raises InvalidError when an id leads nowhere or a name to several."""
        if asked.place_id is not None:
            return await self._by_id(asked.place_id, principal)
        return await self._by_name(asked.name or "", principal)

    async def _by_id(self, record_id: RecordId, principal: Principal) -> Place:
        is_place = record_id.kind is Kind.PLACE
        found = await self._references.place(record_id) if is_place else None
        if found is None or found.status != ACTIVE or not _readable(found, principal):
            raise invalid("/place/place_id", "unknown_reference", "There is no such record.")
        return _linked(found, found.place.name if found.place else "")

    async def _by_name(self, name: str, principal: Principal) -> Place:
        named = await self._references.places_named(folded(name), self._policy.area)
        readable = [one for one in named if _readable(one, principal)]
        if len(readable) > 1:
            raise _ambiguous(readable)
        if not readable:
            check_found()
        return _linked(readable[0], name) if readable else Place(text=name)


def _readable(known: Known, principal: Principal) -> bool:
    return reads(principal.clearance, from_json(known.label))


def _linked(known: Known, text: str) -> Place:
    """`text`: the words to keep."""
    place = known.place
    if place is None:
        return Place(text=text, place_id=known.id)
    point = None
    if place.lat is not None and place.lon is not None:
        point = Point(lat=place.lat, lon=place.lon)
    precision = Precision(place.precision)
    if precision is Precision.UNKNOWN:
        precision = PRECISIONS[PlaceLevel(place.level)]
    return Place(text=text, place_id=known.id, area=place.area, point=point, precision=precision)


def _ambiguous(found: list[Known]) -> InvalidError:
    candidates = tuple(
        {
            "id": str(one.id),
            "name": one.place.name,
            "area": one.place.area or "",
            "level": one.place.level,
        }
        for one in found
        if one.place
    )
    wrong = FieldError(
        "/place/name",
        "ambiguous_place",
        "Several places have this name; choose one and send its place_id.",
        candidates[:CANDIDATES_LIMIT],
    )
    return InvalidError("The place is not clear.", errors=(wrong,))
