"""Where requests to remove what a record holds become commands, whatever its kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from shared.api.common import AskRemoval as Asking
from shared.api.common import TextIn, as_text
from shared.commands import execute
from shared.commands_apply import load
from shared.commands_kit import Kit
from shared.contracts.event import Group
from shared.contracts.removals import AnyRemoval
from shared.decider import Decider
from shared.errors import NotFoundError
from shared.eventstore.model import Recorded
from shared.http_commands import Accepted
from shared.idempotency import CommandRequest
from shared.ids import RecordId
from shared.removal_ledger import Entry, Ledger
from shared.removing import (
    ApproveRemoval,
    AskRemoval,
    Command,
    RefuseRemoval,
    Removal,
    removals,
)
from shared.sealing_box import SEALED
from shared.values import Text

Removing = Decider[Command, AnyRemoval, Removal]
# Any: deciders of several kinds, whose commands and states have nothing in common.
AnyDecider = Decider[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class RemovalDesk:
    """`kinds`: by the first segment of their addresses. Raises as `execute` does."""

    kit: Kit
    kinds: Mapping[str, AnyDecider]
    ledger: Ledger

    async def ask(
        self, plural: str, record_id: RecordId, body: Asking, request: CommandRequest
    ) -> Accepted:
        command = AskRemoval(body.ground, _text(body.reason, request))
        return await self._act(plural, record_id, command, request)

    async def refuse(
        self, plural: str, record_id: RecordId, reason: TextIn | None, request: CommandRequest
    ) -> Accepted:
        return await self._act(plural, record_id, RefuseRemoval(_text(reason, request)), request)

    async def approve(self, plural: str, record_id: RecordId, request: CommandRequest) -> Accepted:
        """The keys are gone when this returns; that no copy is left anywhere takes a while longer."""
        decider = self._decider(plural, record_id)
        record = await load(self.kit, decider, record_id, request.principal)
        recorded = await self.kit.store.load(str(record_id))
        command = ApproveRemoval(record.labels.get(Group.BASE), key_subjects(record_id, recorded))
        if request.expected_version is None and record.exists and not record.removed:
            # What is written after this look would be sealed under a key nobody names.
            request = replace(request, expected_version=record.version)
        accepted = Accepted.of(await execute(self.kit, decider, record_id, command, request))
        if not accepted.validated:
            if asked := record.state.asked:
                await self.ledger.note([Entry(command.subjects, record_id, asked.ground)])
            await self.kit.vault.destroy(command.subjects)
        return accepted

    async def _act(
        self, plural: str, record_id: RecordId, command: Command, request: CommandRequest
    ) -> Accepted:
        decider = self._decider(plural, record_id)
        return Accepted.of(await execute(self.kit, decider, record_id, command, request))

    def _decider(self, plural: str, record_id: RecordId) -> Removing:
        kind = self.kinds.get(plural)
        if kind is None or kind.kind is not record_id.kind:
            raise NotFoundError
        return removals(kind)


def key_subjects(record_id: RecordId, recorded: Sequence[Recorded]) -> tuple[RecordId, ...]:
    """The record itself, and everybody else under whose key something of it was sealed."""
    named = {
        entry["key"] for event in recorded for entry in orjson.loads(event.data).get(SEALED, ())
    }
    others = sorted(named - {str(record_id)})
    return (record_id, *(RecordId.parse(one) for one in others))


def _text(reason: TextIn | None, request: CommandRequest) -> Text | None:
    return as_text(reason, request.principal.language) if reason else None
