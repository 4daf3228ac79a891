"""Where requests about posts become commands, alone or out of a batch."""

from dataclasses import dataclass

from services.contacts import post_requests as requests
from services.contacts.post import post as posts
from services.contacts.post_commands import Command
from shared.api import people as api
from shared.commands import execute
from shared.commands_external import put_external
from shared.commands_kit import Kit
from shared.creating import create
from shared.errors import NotFoundError
from shared.http_commands import Accepted
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.values import ExternalId


@dataclass(frozen=True, slots=True)
class PostDesk:
    """Carries out what is asked of posts. Raises as `execute` does."""

    kit: Kit

    async def create(self, body: api.CreatePost, request: CommandRequest) -> Accepted:
        command = requests.create(body, body.external_ids, request.principal.language)
        return Accepted.of(await create(self.kit, posts, command, request, body))

    async def put(
        self, external_id: ExternalId, body: api.PostFields, request: CommandRequest
    ) -> Accepted:
        language = request.principal.language
        first = requests.create(body, (external_id,), language)
        amend = requests.amend(body, language)
        return Accepted.of(await put_external(self.kit, posts, external_id, first, amend, request))

    async def act(self, record_id: RecordId, command: Command, request: CommandRequest) -> Accepted:
        if record_id.kind is not Kind.POST:
            raise NotFoundError
        return Accepted.of(await execute(self.kit, posts, record_id, command, request))
