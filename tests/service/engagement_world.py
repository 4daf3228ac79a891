"""Engagements beside contacts: what their tests start from."""

from dataclasses import dataclass
from typing import Any

from tests.service.deciding_world import Answer, Caller


def a_plan(**more: Any) -> dict[str, Any]:
    """A valid engagement still to come."""
    given = {
        "purpose": "Cattle corridor talks",
        "type": "routine_liaison",
        "starts_at": "2040-01-02T09:00:00Z",
        "duration_minutes": 60,
    }
    return given | more


def a_meeting(**more: Any) -> dict[str, Any]:
    """A valid engagement of the past."""
    return a_plan(starts_at="2020-01-02T09:00:00Z") | more


@dataclass(frozen=True)
class Gazette:
    """A caller of contacts whose next request to engagements waits for what he wrote."""

    contacts: Caller
    engagements: Caller

    async def place(self, **body: Any) -> tuple[str, Caller]:
        """A place's id, and a caller of engagements who knows of it."""
        given = {"name": "Malakal", "level": "admin2", "pcode": "SS0907"}
        return self._known(await self.contacts.post("/places", given | body))

    async def organisation(self, **body: Any) -> tuple[str, Caller]:
        """An organisation's id, and a caller of engagements who knows of it."""
        return self._known(await self.contacts.post("/organisations", {"name": "Aid"} | body))

    async def act(self, path: str, body: dict[str, Any]) -> Caller:
        """A caller of engagements who knows of this write to contacts."""
        return self._known(await self.contacts.post(path, body))[1]

    def _known(self, answer: Answer) -> tuple[str, Caller]:
        assert answer.status in (200, 201), answer.json
        at = f"contacts={answer.json['epoch']}:{answer.json['position']}"
        return answer.id, self.engagements.saying(Parley_At_Least=at)
