"""POST /v1/records/{id}/extract_preview: what others would get of an extract. It writes nothing."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.authentication import authenticated
from services.gateway.explaining.foretelling import Order, ToBe, extract_to_be
from services.gateway.explaining.previewing import Asked, preview
from services.gateway.explaining.schemas import (
    ExtractPreviewShown,
    FieldsShown,
    NeedsShown,
    PreviewExtract,
    Readers,
)
from services.gateway.explaining.who import principals
from services.gateway.explaining.why import View
from services.gateway.fields_told import left_behind, said_otherwise
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.bodies import body_of
from services.gateway.partner_api.kinds import KINDS, KindApi
from services.gateway.partner_api.queries import query_of
from services.gateway.partner_api.reading import Reading
from services.gateway.partner_api.views import INTERNAL
from services.gateway.service_errors import ServiceError
from services.gateway.wiring import Gateway, gateway_of
from shared.contracts.event import Group
from shared.errors import AppError, FieldError, ForbiddenError, InvalidError, invalid
from shared.policy import Policy

# A record that is not there has none of these.
NOT_YET = INTERNAL | {"id", "recorded_at", "updated_at"}
MADE = "/extract"


def extract_preview_routes() -> list[Route]:
    return [Route("/v1/records/{id}/extract_preview", _preview, methods=["POST"])]


async def _preview(request: Request) -> Response:
    """For whoever may make it; of what he does not read himself nothing is told."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query_of(request, set())
    source = await Reading(None).view(gateway.upstream, principal, request.path_params["id"])
    if source["owner"] != str(principal.organisation):
        raise ForbiddenError("Only the organisation that owns a record makes extracts of it.")
    body = body_of(PreviewExtract, await request.body())
    _check(gateway.policy, body)
    try:
        to_be = await extract_to_be(
            gateway.upstream, gateway.policy, principal, _order(source, body)
        )
    except ServiceError as wrong:
        raise _within(wrong) from wrong
    told = await _told(gateway, source, to_be, body)
    return json_answer(told.model_dump(mode="json"))


async def _told(
    gateway: Gateway, source: View, to_be: ToBe, body: PreviewExtract
) -> ExtractPreviewShown:
    let_in = await principals(gateway.pool, gateway.policy)
    asked = Asked(to_be.view, (), {}, body.audience, body.caveats)
    found = preview(gateway.policy, asked, let_in)
    theirs: Mapping[str, Any] | None = found["view"]  # Any: JSON of a view
    told_of = theirs["group_labels"] if theirs else ()
    return ExtractPreviewShown(
        of=source["id"],
        record={k: v for k, v in theirs.items() if k not in NOT_YET} if theirs else None,
        kept_back=[group for group in to_be.view["group_labels"] if group not in told_of],
        left_behind=_fields(left_behind(source, to_be.view)),
        said_otherwise=_fields(said_otherwise(source, to_be.view)),
        not_told=list(source.get("withheld", ())),
        readers=[
            Readers(organisation=organisation, people=people)
            for one in found["reach"]
            if one["group"] == Group.BASE
            for organisation, people in one["then"].items()
        ],
        needs=NeedsShown(**to_be.needs) if to_be.needs else None,
    )


def _order(source: View, body: PreviewExtract) -> Order:
    """Raises InvalidError for another source, and for a way in which such a record is not made."""
    api = _api(source)
    if body.way not in api.creators:
        raise invalid("/way", "unknown_way", "Such a record is not made in this way.")
    if body.extract.get("extract_of", source["id"]) != source["id"]:
        raise invalid(f"{MADE}/extract_of", "another_record", "It is the record of the address.")
    path = f"/{api.plural}/{body.way}" if body.way else f"/{api.plural}"
    return Order(api.service, path, {**body.extract, "extract_of": source["id"]})


def _api(source: View) -> KindApi:
    for api in KINDS:
        if api.kind == source["kind"]:
            return api
    raise invalid("/extract", "no_extracts", "No extracts are made of such a record.")


def _check(policy: Policy, body: PreviewExtract) -> None:
    """Raises InvalidError, naming the field."""
    if not policy.is_audience(body.audience):
        raise invalid("/audience", "unknown_audience", "No such community or organisation here.")
    for number, caveat in enumerate(body.caveats):
        if caveat not in policy.caveats:
            raise invalid(f"/caveats/{number}", "unknown_caveat", "No such caveat here.")


def _within(wrong: ServiceError) -> AppError:
    """The service's words about what is to be made, which is a part of what was asked."""
    if wrong.status != InvalidError.status:
        return wrong
    errors = tuple(
        FieldError(f"{MADE}{one.pointer}", one.code, one.detail, one.candidates)
        for one in wrong.errors
    )
    return InvalidError(wrong.detail, code=wrong.code, errors=errors)


def _fields(by_group: Mapping[str, list[str]]) -> list[FieldsShown]:
    return [FieldsShown(group=Group(group), fields=names) for group, names in by_group.items()]
