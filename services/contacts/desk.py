"""Where requests about organisations and places become commands, alone or out of a batch."""

from contextlib import nullcontext
from dataclasses import dataclass

from services.contacts import organisation, place, requests
from services.contacts.hints import NameHints
from services.contacts.mergers import Mergers
from services.contacts.organisation import organisation as organisations
from services.contacts.parents import PCODE, find_parent
from services.contacts.place import place as places
from shared.api import contacts as api
from shared.commands import execute
from shared.commands_external import put_external
from shared.commands_kit import Kit, Outcome
from shared.creating import create
from shared.errors import NotFoundError
from shared.http_commands import Accepted
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.values import ExternalId


@dataclass(frozen=True, slots=True)
class OrganisationDesk:
    """Carries out what is asked of organisations. Raises as `execute` does."""

    kit: Kit
    hints: NameHints
    mergers: Mergers

    async def register(self, body: api.RegisterOrganisation, request: CommandRequest) -> Accepted:
        language = request.principal.language
        command = requests.register_organisation(body, body.external_ids, language)
        outcome = await create(self.kit, organisations, command, request, body)
        return await self._with_hints(command.fields.name.text, outcome, request)

    async def put(
        self, external_id: ExternalId, body: api.OrganisationFields, request: CommandRequest
    ) -> Accepted:
        language = request.principal.language
        first = requests.register_organisation(body, (external_id,), language)
        amend = requests.amend_organisation(body, language)
        outcome = await put_external(self.kit, organisations, external_id, first, amend, request)
        return await self._with_hints(first.fields.name.text, outcome, request)

    async def act(
        self, record_id: RecordId, command: organisation.Command, request: CommandRequest
    ) -> Accepted:
        if record_id.kind is not Kind.ORGANISATION:
            raise NotFoundError
        merging = isinstance(command, organisation.MergeOrganisation)
        async with self.mergers.in_turn() if merging else nullcontext():
            return Accepted.of(await execute(self.kit, organisations, record_id, command, request))

    async def _with_hints(self, name: str, outcome: Outcome, request: CommandRequest) -> Accepted:
        if outcome.outcome != "created" or outcome.validated:
            return Accepted.of(outcome)
        return Accepted.of(outcome, await self.hints.note((name,), outcome.id, request.principal))


@dataclass(frozen=True, slots=True)
class PlaceDesk:
    """Carries out what is asked of places. Raises as `execute` does."""

    kit: Kit

    async def register(self, body: api.RegisterPlace, request: CommandRequest) -> Accepted:
        parent = await find_parent(self.kit, body, request.principal)
        if body.pcode and not body.external_ids:
            known_as = ExternalId(system=PCODE, id=body.pcode)
            body = body.model_copy(update={"external_ids": (known_as,)})
        language = request.principal.language
        command = requests.register_place(body, parent, body.external_ids, language)
        return Accepted.of(await create(self.kit, places, command, request, body))

    async def put(
        self, external_id: ExternalId, body: api.PlaceFields, request: CommandRequest
    ) -> Accepted:
        parent = await find_parent(self.kit, body, request.principal)
        language = request.principal.language
        first = requests.register_place(body, parent, (external_id,), language)
        amend = requests.amend_place(body, parent, language)
        return Accepted.of(await put_external(self.kit, places, external_id, first, amend, request))

    async def amend(
        self, record_id: RecordId, body: api.AmendPlace, request: CommandRequest
    ) -> Accepted:
        parent = await find_parent(self.kit, body, request.principal)
        command = requests.amend_place(body, parent, request.principal.language)
        return await self.act(record_id, command, request)

    async def act(
        self, record_id: RecordId, command: place.Command, request: CommandRequest
    ) -> Accepted:
        if record_id.kind is not Kind.PLACE:
            raise NotFoundError
        return Accepted.of(await execute(self.kit, places, record_id, command, request))
