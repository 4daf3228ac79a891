"""Where requests about commitments become commands, alone or out of a batch."""

from dataclasses import dataclass, replace

from services.engagements import commitment_requests as requests
from services.engagements.attachment import attachment
from services.engagements.commitment import commitment
from services.engagements.commitment_commands import (
    Command,
    GiveCommitment,
    KeepCommitment,
)
from services.engagements.promises import guests_of
from shared.api import commitments as api
from shared.api.common import Relabel, as_text
from shared.commands import execute
from shared.commands_apply import load
from shared.commands_external import put_external
from shared.commands_kit import Kit
from shared.contracts.commitments import CommitmentFields
from shared.creating import create
from shared.errors import NotFoundError
from shared.http_commands import Accepted
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.values import ExternalId


@dataclass(frozen=True, slots=True)
class CommitmentDesk:
    """Carries out what is asked of commitments. Raises as `execute` does."""

    kit: Kit

    async def give(self, body: api.GiveCommitment, request: CommandRequest) -> Accepted:
        command = await self._with_guests(
            requests.give(body, body.external_ids, request.principal), request.principal
        )
        return Accepted.of(await create(self.kit, commitment, command, request, body))

    async def put(
        self, external_id: ExternalId, body: api.PutCommitment, request: CommandRequest
    ) -> Accepted:
        principal = request.principal
        first = await self._with_guests(requests.give(body, (external_id,), principal), principal)
        amend = replace(requests.amend(body, principal), guests=first.guests)
        outcome = await put_external(self.kit, commitment, external_id, first, amend, request)
        return Accepted.of(outcome)

    async def amend(
        self, record_id: RecordId, body: api.AmendCommitment, request: CommandRequest
    ) -> Accepted:
        command = requests.amend(body, request.principal)
        guests = await self._guests(command.fields, request.principal)
        return await self.act(record_id, replace(command, guests=guests), request)

    async def keep(self, record_id: RecordId, body: api.Keep, request: CommandRequest) -> Accepted:
        belonging = await self._belonging(record_id, body.attachments, request.principal)
        evidence = as_text(body.evidence, request.principal.language) if body.evidence else None
        command = KeepCommitment(evidence, body.attachments, belonging)
        return await self.act(record_id, command, request)

    async def relabel(
        self, record_id: RecordId, body: Relabel, request: CommandRequest
    ) -> Accepted:
        known = await load(self.kit, commitment, _known(record_id), request.principal)
        given_at = known.state.fields.engagement_id if known.state.fields else None
        command = requests.relabel(body, given_at, request.principal.language)
        return await self.act(record_id, command, request)

    async def act(self, record_id: RecordId, command: Command, request: CommandRequest) -> Accepted:
        return Accepted.of(await execute(self.kit, commitment, _known(record_id), command, request))

    async def _with_guests(self, command: GiveCommitment, principal: Principal) -> GiveCommitment:
        return replace(command, guests=await self._guests(command.fields, principal))

    async def _guests(self, fields: CommitmentFields, principal: Principal) -> frozenset[RecordId]:
        """People of the engagement it was given at; asked for only when a person is named."""
        persons = [party for party in (fields.by, fields.to) if party and party.person_id]
        if fields.engagement_id is None or not persons:
            return frozenset()
        return await guests_of(self.kit, fields.engagement_id, principal)

    async def _belonging(
        self, record_id: RecordId, attachments: tuple[RecordId, ...], principal: Principal
    ) -> frozenset[RecordId]:
        """Those of `attachments` that are of this record."""
        files = [
            await load(self.kit, attachment, one, principal)
            for one in attachments
            if one.kind is Kind.ATTACHMENT
        ]
        return frozenset(
            file.id for file in files if file.state.added and file.state.added.of == record_id
        )


def _known(record_id: RecordId) -> RecordId:
    if record_id.kind is not Kind.COMMITMENT:
        raise NotFoundError
    return record_id
