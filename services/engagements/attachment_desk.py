"""Files that prove something: taken in, sealed, stored, and given out to those who may read them."""

import hashlib
from dataclasses import dataclass, replace

from services.engagements.attachment import (
    AddAttachment,
    Attachment,
    Command,
    File,
    RelabelAttachment,
    Status,
    WithdrawAttachment,
    attachment,
)
from services.engagements.attachment_media import check_name, media_type_of
from shared.api.common import Relabel, WithReason, as_text
from shared.commands import execute
from shared.commands_apply import load
from shared.commands_kit import Kit
from shared.contracts.commitments import AttachmentAdded
from shared.errors import AppError, GoneError, NotFoundError, TooLargeError
from shared.http_commands import Accepted
from shared.http_edge import FILE_LIMIT_BYTES
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.labels_asked import LabelsAsked
from shared.object_store import ObjectMissingError, ObjectStore
from shared.principal import Principal
from shared.record_state import RecordState
from shared.values import Name


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came; `declared` is the media type its sender names."""

    name: str
    declared: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AttachmentDesk:
    """Carries out what is asked of attachments. Raises as `execute` does, and BusyError."""

    kit: Kit
    objects: ObjectStore

    async def add(self, of: RecordId, upload: Upload, request: CommandRequest) -> Accepted:
        """The file first, then the event: a file that nobody knows of is harmless, the other is not.

        Raises InvalidError for what is not taken; NotFoundError when `of` is hidden or absent.
        """
        if of.kind is not Kind.COMMITMENT:
            raise NotFoundError
        if len(upload.content) > FILE_LIMIT_BYTES:
            raise TooLargeError(f"A file holds at most {FILE_LIMIT_BYTES} bytes.")
        record_id = RecordId.new(Kind.ATTACHMENT)
        file = _described(upload, record_id)
        checked = await self._add(record_id, of, file, replace(request, validate_only=True))
        if request.validate_only:
            return checked
        if await self.kit.store.find_command(request.command_id(self.kit.secret)) is None:
            sealed = await self.kit.vault.seal_content(upload.content, record_id)
            await self.objects.put(file.object_name, sealed)
            file = replace(file, digest=hashlib.sha256(sealed).hexdigest())
        return await self._add(record_id, of, file, request)

    async def withdraw(
        self, record_id: RecordId, body: WithReason, request: CommandRequest
    ) -> Accepted:
        language = request.principal.language
        reason = as_text(body.reason, language) if body.reason else None
        return await self._act(record_id, WithdrawAttachment(reason), request)

    async def relabel(
        self, record_id: RecordId, body: Relabel, request: CommandRequest
    ) -> Accepted:
        known = await self._load(record_id, request.principal)
        reason = as_text(body.reason, request.principal.language) if body.reason else None
        of = known.state.added.of if known.state.added else None
        labels = LabelsAsked(body.label, body.group_labels)
        return await self._act(record_id, RelabelAttachment(labels, reason, of), request)

    async def content(self, record_id: RecordId, principal: Principal) -> bytes:
        """The file. Raises NotFoundError, GoneError when it was withdrawn or erased."""
        known = await self._load(record_id, principal)
        added = known.state.added
        if not known.readable_by(principal.clearance):
            raise NotFoundError
        if known.state.status is Status.WITHDRAWN:
            raise GoneError("This attachment was withdrawn.", code="withdrawn")
        if added is None:
            raise _erased()
        opened = await self.kit.vault.open_content(await self._stored(added), record_id)
        if opened is None:
            raise _erased()
        return opened

    async def _stored(self, added: AttachmentAdded) -> bytes:
        """Exactly the bytes the event vouches for."""
        try:
            stored = await self.objects.get(added.object_name)
        except ObjectMissingError as missing:
            raise _damaged() from missing
        if hashlib.sha256(stored).hexdigest() != added.digest:
            raise _damaged()
        return stored

    async def _add(
        self, record_id: RecordId, of: RecordId, file: File, request: CommandRequest
    ) -> Accepted:
        command = AddAttachment(of, file)
        return Accepted.of(await execute(self.kit, attachment, record_id, command, request))

    async def _act(
        self, record_id: RecordId, command: Command, request: CommandRequest
    ) -> Accepted:
        if record_id.kind is not Kind.ATTACHMENT:
            raise NotFoundError
        return Accepted.of(await execute(self.kit, attachment, record_id, command, request))

    async def _load(self, record_id: RecordId, principal: Principal) -> RecordState[Attachment]:
        if record_id.kind is not Kind.ATTACHMENT:
            raise NotFoundError
        return await load(self.kit, attachment, record_id, principal)


def _described(upload: Upload, record_id: RecordId) -> File:
    """All but the digest, which is that of the ciphertext. Raises InvalidError."""
    media_type = media_type_of(upload.content, upload.declared)
    check_name(upload.name, media_type)
    return File(
        name=Name(text=upload.name),
        media_type=media_type,
        size_bytes=len(upload.content),
        digest="0" * 64,
        object_name=str(record_id),
    )


def _erased() -> GoneError:
    return GoneError("What this attachment held was erased.", code="erased")


def _damaged() -> AppError:
    return AppError("What is stored is not what was attached.", code="damaged")
