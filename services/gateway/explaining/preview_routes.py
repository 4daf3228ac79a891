"""POST /v1/records/{id}/release_preview: what others would get under other labels. It writes nothing."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.authentication import authenticated
from services.gateway.explaining.previewing import Asked, preview
from services.gateway.explaining.schemas import PreviewRelease, PreviewShown, ReachShown
from services.gateway.explaining.who import principals
from services.gateway.explaining.why import View
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.bodies import body_of
from services.gateway.partner_api.queries import query_of
from services.gateway.partner_api.reading import Reading
from services.gateway.partner_api.views import INTERNAL
from services.gateway.wiring import Gateway, gateway_of
from shared.contracts.event import Group
from shared.errors import ForbiddenError, invalid
from shared.ids import RecordId
from shared.policy import Policy
from shared.validation import unknown_field


def preview_routes() -> list[Route]:
    return [Route("/v1/records/{id}/release_preview", _preview, methods=["POST"])]


async def _preview(request: Request) -> Response:
    """For the owner of the record; of what the caller does not read himself nothing is told."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query_of(request, set())
    view = await Reading(None).view(gateway.upstream, principal, request.path_params["id"])
    if view["owner"] != str(principal.organisation):
        raise ForbiddenError("Only the organisation that owns a record releases it.")
    body = body_of(PreviewRelease, await request.body())
    _check(gateway.policy, view, body)
    told = await _told(gateway, view, body)
    return json_answer(told.model_dump(mode="json"))


async def _told(gateway: Gateway, view: View, body: PreviewRelease) -> PreviewShown:
    let_in = await principals(gateway.pool, gateway.policy)
    found = preview(gateway.policy, _asked_of(view, body), let_in)
    theirs: Mapping[str, Any] | None = found["view"]  # Any: JSON of a view
    kept_back = [g for g in view["group_labels"] if not theirs or g not in theirs["group_labels"]]
    return PreviewShown(
        id=view["id"],
        record=None if theirs is None else {k: v for k, v in theirs.items() if k not in INTERNAL},
        kept_back=kept_back,
        not_told=list(view.get("withheld", ())),
        reach=[
            ReachShown(
                group=each["group"],
                organisation=organisation,
                now=each["now"].get(organisation, 0),
                then=each["then"].get(organisation, 0),
            )
            for each in found["reach"]
            for organisation in sorted({*each["now"], *each["then"]})
        ],
    )


def _asked_of(view: View, body: PreviewRelease) -> Asked:
    return Asked(view, (), _wanted(body), body.audience, body.caveats)


def _wanted(body: PreviewRelease) -> dict[str, dict[str, Any]]:  # Any: labels on the wire
    asked = {Group.BASE: body.label} if body.label else {}
    named = {**asked, **body.group_labels}
    return {group.value: label.model_dump(mode="json") for group, label in named.items()}


def _check(policy: Policy, view: View, body: PreviewRelease) -> None:
    """Raises InvalidError, naming the field: a group that is not read is one that is not there."""
    owner = RecordId.parse(view["owner"])
    if body.label:
        policy.label(body.label, owner)
    for group, label in body.group_labels.items():
        if group not in view["group_labels"]:
            raise unknown_field(f"/group_labels/{group}")
        policy.label(label, owner, f"/group_labels/{group}")
    if not policy.is_audience(body.audience):
        raise invalid("/audience", "unknown_audience", "No such community or organisation here.")
    for number, caveat in enumerate(body.caveats):
        if caveat not in policy.caveats:
            raise invalid(f"/caveats/{number}", "unknown_caveat", "No such caveat here.")
