"""GET /v1/records/{id}/access: why the caller sees it and, for its owner, who else may."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.authentication import authenticated
from services.gateway.explaining.schemas import AccessShown, BecauseShown, PortionShown, Readers
from services.gateway.explaining.who import principals, readers
from services.gateway.explaining.why import Portion, View, in_words, portions_of, why
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.kinds import KINDS
from services.gateway.partner_api.queries import query_of
from services.gateway.partner_api.reading import Reading
from services.gateway.reads.channels import Channel
from services.gateway.wiring import Gateway, gateway_of
from shared.policy import WireLabel
from shared.principal import Principal

Answering = Callable[[Request], Awaitable[Response]]


def explaining_routes() -> list[Route]:
    """The same of any record, and under the name of its kind."""
    kinds = [Route(f"/v1/{api.plural}/{{id}}/access", _of(Reading(api.kind))) for api in KINDS]
    return [Route("/v1/records/{id}/access", _of(Reading(None))), *kinds]


async def explained(gateway: Gateway, principal: Principal, view: View) -> AccessShown:
    owns = view["owner"] == str(principal.organisation)
    let_in = await principals(gateway.pool, gateway.policy) if owns else None
    told = portions_of(gateway.policy, view)
    portions = [_portion(gateway, principal, one, view["owner"], let_in) for one in told]
    return AccessShown(id=view["id"], owner=view["owner"], portions=portions)


def _of(reading: Reading) -> Answering:
    async def access(request: Request) -> Response:
        gateway, principal = gateway_of(request), (await authenticated(request)).principal
        query_of(request, set())
        # What he sees in an emergency is noted here, too.
        read = gateway.upstream if principal.opened else gateway.upstream.by(Channel.UNSEEN)
        view = await reading.view(read, principal, request.path_params["id"])
        return json_answer((await explained(gateway, principal, view)).model_dump(mode="json"))

    return access


def _portion(
    gateway: Gateway,
    principal: Principal,
    portion: Portion,
    owner: str,
    let_in: Sequence[Principal] | None,
) -> PortionShown:
    policy, label, effective = gateway.policy, portion.label, portion.effective
    if label is None or effective is None:
        return PortionShown(group=portion.group, shown=False)
    because = tuple(
        BecauseShown(
            rule=one.rule,
            needed=list(one.needed),
            held=list(one.held),
            detail=in_words(policy, one),
        )
        for one in why(policy, principal.clearance, label)
    )
    told = None if let_in is None else readers(let_in, effective)
    return PortionShown(
        group=portion.group,
        shown=True,
        label=WireLabel.model_validate(policy.wire(label, owner)),
        because=because,
        readers=None if told is None else [Readers(organisation=o, people=n) for o, n in told],
    )
