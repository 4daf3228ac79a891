"""Promises made at a meeting: each becomes a commitment of its own, given at that engagement."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from services.engagements import commitment_requests as requests
from services.engagements.commands import RecordHeld
from services.engagements.commitment import commitment
from services.engagements.commitment_commands import GiveCommitment
from services.engagements.content import Content, linked_to
from services.engagements.engagement import engagement
from shared.api.engagements import Promised
from shared.commands import execute
from shared.commands_apply import load
from shared.commands_kit import Kit, Outcome, ReferenceBook
from shared.contracts.commitments import Party
from shared.contracts.engagements import GROUPS, Participant, Side
from shared.contracts.event import Group
from shared.decider import Reference
from shared.errors import FieldError, InvalidError
from shared.http_commands import Accepted, Hint
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.labelling import labels_for
from shared.labels import from_json
from shared.principal import Principal

GIVEN = "commitment_given"
GIVEN_DETAIL = "This promise is a commitment of its own now."


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where promises are made: the engagement, and who took part."""

    reference: Reference
    content: Content

    @property
    def counterpart(self) -> Party | None:
        """The other side, when it is one and no more."""
        others = [one for one in self.content.fields.participants if one.side is Side.COUNTERPART]
        return self._party(others[0]) if len(others) == 1 else None

    @property
    def guests(self) -> frozenset[RecordId]:
        """People taking part who are known by name only."""
        return frozenset(self.content.names)

    def _party(self, participant: Participant) -> Party:
        person = participant.person_id
        if person is None:
            return Party(organisation_id=participant.organisation_id)
        return Party(person_id=linked_to(self.content, person) or person)


@dataclass(frozen=True, slots=True)
class Promises:
    """What was promised at `meeting` (None: hidden or absent), and `at` which field it is asked."""

    made: Sequence[Promised]
    meeting: Meeting | None
    at: str


async def meeting_of(kit: Kit, engagement_id: RecordId, principal: Principal) -> Meeting | None:
    """The engagement as it stands; None when the caller may not know of it."""
    if engagement_id.kind is not Kind.ENGAGEMENT:
        return None
    known = await load(kit, engagement, engagement_id, principal)
    if not known.readable_by(principal.clearance) or known.state.content is None:
        return None
    labels = known.labels
    reference = Reference(engagement_id, labels[Group.BASE], known.state.status, labels)
    return Meeting(reference, known.state.content)


async def guests_of(kit: Kit, engagement_id: RecordId, principal: Principal) -> frozenset[RecordId]:
    meeting = await meeting_of(kit, engagement_id, principal)
    return meeting.guests if meeting else frozenset()


def meeting_to_be(command: RecordHeld, kit: Kit, principal: Principal) -> Meeting:
    """An engagement that is about to be recorded. Raises InvalidError for labels unknown here."""
    groups, asked = GROUPS[Kind.ENGAGEMENT], command.labels
    labels = labels_for(
        Kind.ENGAGEMENT, groups, asked.label, asked.group_labels, principal.organisation, kit.policy
    )
    label = from_json(labels[Group.BASE])
    return Meeting(Reference(RecordId.new(Kind.ENGAGEMENT), label, "held"), command.content)


async def with_promises(
    kit: Kit,
    promised: Promises,
    request: CommandRequest,
    act: Callable[[CommandRequest], Awaitable[Accepted]],
) -> Accepted:
    """Carry out `act`, a debrief, and then give what was promised; all is checked before anything is
    written. Raises as `execute` does. The answer hints at each commitment."""
    if not promised.made:
        return await act(request)
    if request.validate_only or not await _is_done(kit, request):
        checked = await act(replace(request, validate_only=True))
        await _check_all(kit, promised, request)
        if request.validate_only:
            return checked
    accepted = await act(request)
    given = await give_all(kit, accepted.id, promised.made, request)
    last = max(((one.epoch, one.position) for one in given), default=(0, 0))
    epoch, position = max(last, (accepted.epoch, accepted.position))
    hints = tuple(Hint(code=GIVEN, detail=GIVEN_DETAIL, record_id=one.id) for one in given)
    told = {"epoch": epoch, "position": position, "hints": (*accepted.hints, *hints)}
    return accepted.model_copy(update=told)


async def _check_all(kit: Kit, promised: Promises, request: CommandRequest) -> None:
    """Raises InvalidError for every promise that could not be recorded. Writes nothing."""
    meeting = promised.meeting
    if meeting is None:
        return
    foretold = replace(kit, references=_WithMeeting(kit.references, meeting.reference))
    wrong: list[FieldError] = []
    for number, one in enumerate(promised.made):
        try:
            command = _given(meeting, one, request.principal)
            await execute(foretold, commitment, None, command, replace(request, validate_only=True))
        except InvalidError as refused:
            at = f"{promised.at}/{number}"
            wrong += [replace(error, pointer=at + error.pointer) for error in refused.errors]
    if wrong:
        raise InvalidError("Some promises are not right; nothing was changed.", errors=tuple(wrong))


async def give_all(
    kit: Kit, engagement_id: RecordId, promised: Sequence[Promised], request: CommandRequest
) -> list[Outcome]:
    """Each promise as a commitment, in order. A repeated request makes only what was cut off.

    Raises as `execute` does; what was given before stays.
    """
    meeting = await meeting_of(kit, engagement_id, request.principal)
    if meeting is None:
        return []
    return [
        await execute(
            kit, commitment, None, _given(meeting, one, request.principal), _nth(request, number)
        )
        for number, one in enumerate(promised)
    ]


@dataclass(frozen=True, slots=True)
class _WithMeeting:
    """A reference book in which a meeting stands that is about to be recorded."""

    book: ReferenceBook
    meeting: Reference

    async def find(self, ids: frozenset[RecordId]) -> dict[RecordId, Reference]:
        found = dict(await self.book.find(ids - {self.meeting.id}))
        return found | ({self.meeting.id: self.meeting} if self.meeting.id in ids else {})


def _given(meeting: Meeting, promised: Promised, principal: Principal) -> GiveCommitment:
    command = requests.promised(promised, meeting.reference.id, meeting.counterpart, principal)
    return replace(command, guests=meeting.guests)


async def _is_done(kit: Kit, request: CommandRequest) -> bool:
    """Whether the debrief itself stands: then nothing is to be checked, only to be completed."""
    return await kit.store.find_command(request.command_id(kit.secret)) is not None


def _nth(request: CommandRequest, number: int) -> CommandRequest:
    key = f"{request.idempotency_key}/commitment/{number}"
    return replace(request, idempotency_key=key, expected_version=None)
