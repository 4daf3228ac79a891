"""What an item of a batch may ask of engagements."""

from services.engagements import requests
from services.engagements.commands import Command, ConfirmEngagement
from services.engagements.desk import EngagementDesk
from shared.api import engagements as api
from shared.api.batch import BatchItem
from shared.api.common import Relabel
from shared.batch_items import Asked, parsed, unknown_action
from shared.http_commands import Accepted


async def take_engagement(desk: EngagementDesk, asked: Asked) -> Accepted:
    """Raises InvalidError for an action engagements do not know."""
    body, request = asked.item.body, asked.request
    match asked.item.action:
        case "create":
            return await desk.plan(parsed(api.PlanEngagement, body), request)
        case "record_held":
            return await desk.record_held(parsed(api.RecordHeld, body), request)
        case "put_external":
            return await desk.put(asked.external_id, parsed(api.PutEngagement, body), request)
        case "amend":
            return await desk.amend(asked.known_id, parsed(api.AmendEngagement, body), request)
        case "debrief":
            return await desk.debrief(asked.known_id, parsed(api.Debrief, body), request)
        case _:
            command = _command(asked.item, request.principal.language)
            return await desk.act(asked.known_id, command, request)


def _command(item: BatchItem, language: str) -> Command:  # noqa: C901 - one arm an action
    match item.action:
        case "plan":
            return requests.go_ahead(parsed(api.Plan, item.body))
        case "approve":
            return requests.approve(parsed(api.Approve, item.body), language)
        case "postpone":
            return requests.postpone(parsed(api.Postpone, item.body), language)
        case "close":
            return requests.close(parsed(api.Close, item.body), language)
        case "link":
            return requests.link(parsed(api.LinkParticipant, item.body))
        case "confirm":
            parsed(api.Nothing, item.body)
            return ConfirmEngagement()
        case "hold":
            return requests.hold(parsed(api.Hold, item.body))
        case "cancel":
            return requests.cancel(parsed(api.Cancel, item.body), language)
        case "relabel":
            return requests.relabel(parsed(Relabel, item.body), language)
        case _:
            raise unknown_action()
