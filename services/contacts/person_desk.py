"""Where requests about people become commands, alone or out of a batch."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from services.contacts import person_requests as requests
from services.contacts.hints import NameHints
from services.contacts.mergers import Mergers
from services.contacts.person import person as people
from services.contacts.person_commands import (
    AddPersonAlias,
    AmendPerson,
    Command,
    MergePerson,
    RegisterPerson,
    RenamePerson,
)
from services.contacts.private_details import PrivateAnswer, details_as_read
from shared.api import people as api
from shared.commands import execute
from shared.commands_external import put_external
from shared.commands_kit import Kit, Outcome
from shared.contracts.people import PersonNamed
from shared.creating import create
from shared.errors import NotFoundError
from shared.http_commands import Accepted
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.values import Alias, ExternalId


@dataclass(frozen=True, slots=True)
class PersonDesk:
    """Carries out what is asked of people. Raises as `execute` does."""

    kit: Kit
    hints: NameHints
    mergers: Mergers

    async def register(self, body: api.RegisterPerson, request: CommandRequest) -> Accepted:
        command = requests.register(body, body.external_ids, request.principal.language)
        outcome = await create(self.kit, people, command, request, body)
        return await self._with_hints(command, outcome, request)

    async def put(
        self, external_id: ExternalId, body: api.PersonFields, request: CommandRequest
    ) -> Accepted:
        language = request.principal.language
        first = requests.register(body, (external_id,), language)
        amend = requests.amend(body, language)
        outcome = await put_external(self.kit, people, external_id, first, amend, request)
        return await self._with_hints(first, outcome, request)

    async def act(self, record_id: RecordId, command: Command, request: CommandRequest) -> Accepted:
        if record_id.kind is not Kind.PERSON:
            raise NotFoundError
        async with self.mergers.in_turn() if isinstance(command, MergePerson) else nullcontext():
            outcome = await execute(self.kit, people, record_id, command, request)
        return await self._with_hints(command, outcome, request)

    async def read_private(
        self, record_id: RecordId, body: api.ReadPrivate, request: CommandRequest
    ) -> PrivateAnswer:
        if record_id.kind is not Kind.PERSON:
            raise NotFoundError
        command = requests.read_private(body, request.principal.language)
        outcome = await execute(self.kit, people, record_id, command, request)
        return await details_as_read(self.kit, outcome, request.principal)

    async def _with_hints(
        self, command: Command, outcome: Outcome, request: CommandRequest
    ) -> Accepted:
        names = tuple(_names(command))
        if not names or outcome.outcome == "unchanged" or outcome.validated:
            return Accepted.of(outcome)
        return Accepted.of(outcome, await self.hints.note(names, outcome.id, request.principal))


def _names(command: Command) -> Iterator[str]:
    """Every name the command gives somebody, under each of its spellings."""
    match command:
        case RegisterPerson(content) | AmendPerson(content) if content.named:
            yield from _names_of(content.named)
        case RenamePerson(named):
            yield from _names_of(named)
        case AddPersonAlias(alias):
            yield from _spellings(alias)
        case _:
            return


def _names_of(named: PersonNamed) -> Iterator[str]:
    yield named.name.text
    for alias in named.aliases:
        yield from _spellings(alias)


def _spellings(alias: Alias) -> Iterator[str]:
    yield alias.name.text
    if alias.transliteration:
        yield alias.transliteration
