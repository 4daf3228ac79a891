"""Pages of access records, for the API and the dashboard alike: narrowed, by name, with a sealed cursor."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from services.gateway.access_api import finding
from services.gateway.access_api.families import Family
from services.gateway.access_api.finding import Place, Wanted
from services.gateway.access_api.looking import Json
from services.gateway.partner_api.queries import wrong_parameter
from services.gateway.wiring import Gateway
from shared.sealed_tokens import Purpose


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is wanted, and how it was spelled: a cursor goes on with the very question it was made for."""

    wanted: Wanted
    spelled: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """`reader`: whom cursors are bound to."""

    gateway: Gateway
    reader: str
    family: Family

    async def page(self, narrowed: Narrowed, cursor: str, size: int, *, limits: bool) -> Json:
        """`limits`: each row is told with the organisation or person that limits it.

        Raises MalformedError when the cursor is not this reader's, or of another query.
        """
        of = self._digest(narrowed)
        after = self._opened(of, cursor) if cursor else None
        count, rows = await finding.found(
            self.gateway.access, self.family, narrowed.wanted, after, size + 1, limits=limits
        )
        following = None
        if len(rows) > size:
            last = rows[size - 1][0]
            content = {"of": of, "name": last.name, "after": last.record_id}
            following = self.gateway.book.seal(Purpose.PAGE, self.reader, content)
        return {
            "items": [told for _, told in rows[:size]],
            "next_cursor": following,
            "count": count,
        }

    def _opened(self, of: str, cursor: str) -> Place:
        content = self.gateway.book.open(Purpose.PAGE, self.reader, cursor)
        if content.get("of") != of:
            raise wrong_parameter("cursor", "This cursor belongs to another query.")
        return Place(content["name"], content["after"])

    def _digest(self, narrowed: Narrowed) -> str:
        asked = [self.family.plural, sorted(narrowed.spelled.items())]
        return hashlib.sha256(orjson.dumps(asked)).hexdigest()[:32]
