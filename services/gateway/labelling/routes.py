"""GET /v1/policy, POST /v1/labels/translate, GET /v1/records/{id}/label."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import reduce

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.authentication import authenticated
from services.gateway.explaining.why import View, portions_of
from services.gateway.labelling.schemas import (
    Equivalent,
    LabelTold,
    LevelTold,
    MarkingsTold,
    MarkingTold,
    PolicyTold,
    TranslateLabel,
)
from services.gateway.labelling.speaking import Dates, in_markings, in_xml
from services.gateway.labelling.understanding import Understood, of_marking, of_xml
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.bodies import body_of
from services.gateway.partner_api.queries import query_of
from services.gateway.partner_api.reading import Reading
from services.gateway.reads.channels import Channel
from services.gateway.wiring import Gateway, gateway_of
from shared.clock import utc_now
from shared.ids import RecordId
from shared.labels import Label, join
from shared.markings import Markings
from shared.policy import Policy, WireLabel
from shared.stanag4774 import read

DAYS_A_YEAR = 365.25


def labelling_routes() -> list[Route]:
    return [
        Route("/v1/policy", _policy, methods=["GET"]),
        Route("/v1/labels/translate", _translated, methods=["POST"]),
        Route("/v1/records/{id}/label", _of_record, methods=["GET"]),
    ]


async def _policy(request: Request) -> Response:
    gateway = gateway_of(request)
    await authenticated(request)
    query_of(request, set())
    told = policy_told(gateway.policy, gateway.markings)
    return json_answer(told.model_dump(mode="json"))


async def _translated(request: Request) -> Response:
    """Writes nothing: what is told stands nowhere but in the answer."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query_of(request, set())
    asked = body_of(TranslateLabel, await request.body())
    found = _understood(gateway, asked)
    owner = principal.organisation
    label = gateway.policy.label(found.label, owner)
    told = _told(gateway, label, owner, _dates(gateway.policy, utc_now()), found.left_out)
    return json_answer(told.model_dump(mode="json"))


async def _of_record(request: Request) -> Response:
    """Of what the caller is shown of the record, as its page bears it."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query_of(request, set())
    # Nothing of the record itself is shown; what an emergency lets be seen is noted all the same.
    seeing = gateway.upstream if principal.opened else gateway.upstream.by(Channel.UNSEEN)
    view = await Reading(None).view(seeing, principal, request.path_params["id"])
    portions = portions_of(gateway.policy, view)
    label = reduce(join, (one.effective for one in portions if one.effective))
    created = datetime.fromisoformat(view["updated_at"])
    dates = _dates(gateway.policy, created, _review_of(view))
    told = _told(gateway, label, RecordId.parse(view["owner"]), dates)
    return json_answer(told.model_dump(mode="json"))


def policy_told(policy: Policy, markings: Iterable[Markings]) -> PolicyTold:
    return PolicyTold(
        id=policy.id,
        version=policy.version,
        mission=policy.mission_name,
        levels=[LevelTold(**asdict(level)) for level in policy.levels],
        communities=dict(policy.communities),
        caveats=dict(policy.caveats),
        defaults=policy.defaults,
        markings=[
            MarkingsTold(
                policy=one.id,
                name=one.name,
                version=one.version,
                markings=[MarkingTold(marking=m.word, stands_for=m.stands_for) for m in one.ladder],
                refused=sorted(one.refused),
            )
            for one in markings
        ],
    )


def _understood(gateway: Gateway, asked: TranslateLabel) -> Understood:
    if asked.label is not None:
        return Understood(asked.label)
    if asked.marking is not None:
        given = asked.marking
        return of_marking(gateway.markings, given.policy, given.marking, "/marking")
    told = read(asked.stanag4774 or "", "/stanag4774")
    return of_xml(gateway.policy, gateway.markings, told, "/stanag4774")


def _told(
    gateway: Gateway, label: Label, owner: RecordId, dates: Dates, left_out: tuple[str, ...] = ()
) -> LabelTold:
    policy = gateway.policy
    return LabelTold(
        label=WireLabel.model_validate(policy.wire(label, owner)),
        stanag4774=in_xml(policy, label, dates),
        equivalents=[_equivalent(policy, one, label, owner, dates) for one in gateway.markings],
        left_out=list(left_out),
    )


def _equivalent(
    policy: Policy, other: Markings, label: Label, owner: RecordId, dates: Dates
) -> Equivalent:
    found = in_markings(policy, other, label, owner, dates)
    marking, xml = found or (None, None)
    return Equivalent(policy=other.id, name=other.name, marking=marking, stanag4774=xml)


def _dates(policy: Policy, created: datetime, review: datetime | None = None) -> Dates:
    later = created + timedelta(days=policy.review_after_years * DAYS_A_YEAR)
    return Dates(created, review or later)


def _review_of(view: View) -> datetime | None:
    day = (view.get("marked") or {}).get("review_on")
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) if day else None
