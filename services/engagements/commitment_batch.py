"""What an item of a batch may ask of commitments."""

from services.engagements import commitment_requests as requests
from services.engagements.commitment_commands import AcceptCommitment, Command
from services.engagements.commitment_desk import CommitmentDesk
from shared.api import commitments as api
from shared.api.batch import BatchItem
from shared.api.common import Relabel
from shared.api.engagements import Nothing
from shared.batch_items import Asked, parsed, unknown_action
from shared.http_commands import Accepted


async def take_commitment(desk: CommitmentDesk, asked: Asked) -> Accepted:
    """Raises InvalidError for an action commitments do not know."""
    body, request = asked.item.body, asked.request
    match asked.item.action:
        case "create":
            return await desk.give(parsed(api.GiveCommitment, body), request)
        case "put_external":
            return await desk.put(asked.external_id, parsed(api.PutCommitment, body), request)
        case "amend":
            return await desk.amend(asked.known_id, parsed(api.AmendCommitment, body), request)
        case "keep":
            return await desk.keep(asked.known_id, parsed(api.Keep, body), request)
        case "relabel":
            return await desk.relabel(asked.known_id, parsed(Relabel, body), request)
        case _:
            command = _command(asked.item, request.principal.language)
            return await desk.act(asked.known_id, command, request)


def _command(item: BatchItem, language: str) -> Command:  # noqa: C901 - one arm an action
    body = item.body
    match item.action:
        case "accept":
            parsed(Nothing, body)
            return AcceptCommitment()
        case "progress":
            return requests.note_progress(parsed(api.NoteProgress, body), language)
        case "acknowledge":
            return requests.acknowledge(parsed(api.Acknowledge, body), language)
        case "dispute":
            return requests.dispute(parsed(api.Dispute, body), language)
        case "break":
            return requests.break_(parsed(api.Break, body), language)
        case "renegotiate":
            return requests.renegotiate(parsed(api.Renegotiate, body), language)
        case "withdraw":
            return requests.withdraw(parsed(api.Withdraw, body), language)
        case "assess":
            return requests.assess(parsed(api.Assess, body), language)
        case _:
            raise unknown_action()
