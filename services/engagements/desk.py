"""Where requests about engagements become commands, alone or out of a batch."""

from dataclasses import dataclass

from services.engagements import requests
from services.engagements.commands import Command
from services.engagements.engagement import engagement
from services.engagements.gazetteer import Gazetteer
from services.engagements.promises import (
    Promises,
    meeting_of,
    meeting_to_be,
    with_promises,
)
from shared.api import engagements as api
from shared.api.common import NewRecord
from shared.commands import execute
from shared.commands_external import put_external
from shared.commands_kit import Kit, Outcome
from shared.creating import create
from shared.errors import NotFoundError
from shared.http_commands import Accepted, Hint
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.values import ExternalId, Place

UNPLACED = Hint(
    code="unplaced",
    detail="No place of the mission's area has this name; it is kept as text, to be completed.",
)


@dataclass(frozen=True, slots=True)
class EngagementDesk:
    """Carries out what is asked of engagements. Raises as `execute` does."""

    kit: Kit
    gazetteer: Gazetteer

    async def plan(self, body: api.PlanEngagement, request: CommandRequest) -> Accepted:
        place = await self._place(body, request)
        command = requests.plan(body, place, body.external_ids, request.principal.language)
        return await self._create(command, body, place, request)

    async def record_held(self, body: api.RecordHeld, request: CommandRequest) -> Accepted:
        place = await self._place(body, request)
        command = requests.record_held(body, place, request.principal.language)

        async def record(request: CommandRequest) -> Accepted:
            return await self._create(command, body, place, request)

        if body.debrief is None:
            return await record(request)
        meeting = meeting_to_be(command, self.kit, request.principal)
        promised = Promises(body.debrief.commitments, meeting, "/debrief/commitments")
        return await with_promises(self.kit, promised, request, record)

    async def debrief(
        self, record_id: RecordId, body: api.Debrief, request: CommandRequest
    ) -> Accepted:
        command = requests.debrief(body, request.principal.language)

        async def record(request: CommandRequest) -> Accepted:
            return await self.act(record_id, command, request)

        made = body.commitments
        meeting = await meeting_of(self.kit, record_id, request.principal) if made else None
        promised = Promises(made, meeting, "/commitments")
        return await with_promises(self.kit, promised, request, record)

    async def put(
        self, external_id: ExternalId, body: api.PutEngagement, request: CommandRequest
    ) -> Accepted:
        place = await self._place(body, request)
        language = request.principal.language
        first = requests.plan(body, place, (external_id,), language)
        amend = requests.amend(body, place, language)
        outcome = await put_external(self.kit, engagement, external_id, first, amend, request)
        return _accepted(outcome, place)

    async def amend(
        self, record_id: RecordId, body: api.AmendEngagement, request: CommandRequest
    ) -> Accepted:
        place = await self._place(body, request)
        command = requests.amend(body, place, request.principal.language)
        return _accepted(await self._execute(record_id, command, request), place)

    async def act(self, record_id: RecordId, command: Command, request: CommandRequest) -> Accepted:
        return Accepted.of(await self._execute(record_id, command, request))

    async def _create(
        self,
        command: Command,
        body: NewRecord,
        place: Place | None,
        request: CommandRequest,
    ) -> Accepted:
        return _accepted(await create(self.kit, engagement, command, request, body), place)

    async def _execute(
        self, record_id: RecordId, command: Command, request: CommandRequest
    ) -> Outcome:
        if record_id.kind is not Kind.ENGAGEMENT:
            raise NotFoundError
        return await execute(self.kit, engagement, record_id, command, request)

    async def _place(self, body: api.EngagementFieldsIn, request: CommandRequest) -> Place | None:
        """Where it is. What was done before is replayed even if its place's name is not clear now."""
        if body.place is None:
            return None
        if not request.validate_only:
            done = await self.kit.store.find_command(request.command_id(self.kit.secret))
            if done is not None:
                return None
        return await self.gazetteer.resolve(body.place, request.principal)


def _accepted(outcome: Outcome, place: Place | None) -> Accepted:
    unplaced = place is not None and place.place_id is None
    return Accepted.of(outcome, (UNPLACED,) if unplaced else ())
