"""GET /v1/records/{id}/reads: who has seen a record, for the organisation that owns it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.authentication import authenticated
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.queries import page_size_of, query_of
from services.gateway.partner_api.reading import Reading
from services.gateway.reads import paging
from services.gateway.reads.channels import Channel
from services.gateway.reads.looking import Seen, check_owner, seen_by
from services.gateway.reads.noticing import Json
from services.gateway.reads.schemas import ReadShown, ReadsShown, SeenShown
from services.gateway.wiring import Gateway, gateway_of
from shared.contracts.reads import Way
from shared.labels import join, label
from shared.policy import WireLabel
from shared.principal import Principal


def read_log_routes() -> list[Route]:
    return [Route("/v1/records/{id}/reads", _reads, methods=["GET"])]


async def _reads(request: Request) -> Response:
    """The latest first. What is hidden from the caller is absent, and so is who saw it."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query = query_of(request, {"page_size", "cursor"})
    size, unseen = page_size_of(query), gateway.upstream.by(Channel.UNSEEN)
    view = await Reading(None).view(unseen, principal, request.path_params["id"])
    page = await reads_page(gateway, principal, view, size, query.get("cursor"))
    return json_answer(page.model_dump(mode="json"))


async def reads_page(
    gateway: Gateway, principal: Principal, view: Json, size: int, cursor: str | None
) -> ReadsShown:
    """Of the record that `view` shows. Raises ForbiddenError, and MalformedError for a strange cursor."""
    principal = principal.without_emergency
    check_owner(principal, view)
    before = paging.before(gateway, principal, view["id"], cursor)
    found = await seen_by(gateway.pool, principal, view["id"], before, size + 1)
    places = [one.place for one in found]
    following = paging.following(gateway, principal, view["id"], places, size)
    items = [
        SeenShown(
            **shown(gateway, principal, one).model_dump(),
            emergency=one.emergency_id,
            viewed_as=one.viewed_as,
        )
        for one in found[:size]
    ]
    return ReadsShown(items=items, next_cursor=following)


def shown(gateway: Gateway, principal: Principal, seen: Seen) -> ReadShown:
    """Marked as what was shown, for the owner alone."""
    owner = principal.organisation
    marked = join(seen.label, label({}, [{f"org:{owner}"}]))
    return ReadShown(
        at=seen.at,
        way=Way(seen.way),
        organisation=seen.organisation_id,
        account=seen.account_id,
        name=seen.name,
        client=seen.client,
        groups=list(seen.groups),
        label=WireLabel.model_validate(gateway.policy.wire(marked, owner)),
    )
