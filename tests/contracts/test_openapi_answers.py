"""What the running system answers is what its document says."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from openapi_schema_validator import OAS31Validator

from services.gateway.partner_api.examples.table import EXAMPLES
from services.gateway.partner_api.openapi import document

REQUEST_SECONDS = 20
API = document("http://localhost:1")
SHOWN = {model.__name__: example for model, example in EXAMPLES.items()}


class Partner:
    """Sends a request and holds its answer against the document."""

    def __init__(self, http: aiohttp.ClientSession, token: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}

    async def call(
        self, method: str, path: str, template: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, Mapping[str, str]]:
        sent = self._headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            sent["Idempotency-Key"] = uuid4().hex
        async with self._http.request(method, path, json=body, headers=sent) as answer:
            told = await answer.json(content_type=None)
            described = API["paths"][template][method.lower()]["responses"]
            check(told, described[str(answer.status)], answer.content_type)
            return answer.status, told, answer.headers


def check(told: Any, response: Any, content_type: str) -> None:
    if "$ref" in response:
        response = API["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = response["content"][content_type]["schema"]
    OAS31Validator(schema | {"components": API["components"]}).validate(told)


@pytest.fixture(scope="module")
async def partner(installation) -> AsyncIterator[Partner]:
    line = next(p for p in installation.demo["personas"] if p["id"] == "liaison-officer")
    form = {
        "grant_type": "client_credentials",
        "client_id": line["client_id"],
        "client_secret": line["client_secret"],
    }
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with aiohttp.ClientSession(installation.gateway_url, timeout=timeout) as http:
        async with http.post("/oauth/token", data=form) as answer:
            told = await answer.json()
            check(
                told, API["paths"]["/oauth/token"]["post"]["responses"]["200"], answer.content_type
            )
        yield Partner(http, told["access_token"])


async def test_an_engagement_from_plan_to_debrief_answers_as_described(partner: Partner) -> None:
    base = "/v1/engagements"
    body = SHOWN["PlanEngagement"] | {
        "exact_place": {"point": {"lat": 9.5, "lon": 31.6}},
        "own_side": {"talking_points": ["keep it open"]},
        "source": {"description": "an invented trader"},
        "starts_at": "2026-01-02T09:00:00Z",
    }
    _, made, _ = await partner.call("POST", f"{base}/record_held", f"{base}/record_held", body)
    one = f"{base}/{made['id']}"
    template = f"{base}/{{id}}"
    status, view, headers = await partner.call("GET", one, template)
    assert (status, headers["ETag"]) == (200, f'"{made["version"]}"')
    assert view["own_side"]["talking_points"][0]["text"] == "keep it open"
    await partner.call("POST", f"{one}/debrief", f"{template}/debrief", SHOWN["Debrief"])
    status, _, _ = await partner.call(
        "POST", f"{one}/cancel", f"{template}/cancel", SHOWN["Cancel"]
    )
    assert status == 409
    for part in ("history", "edges", "removal", "reads", "access"):
        path = f"/v1/records/{made['id']}/{part}"
        await partner.call("GET", path, f"/v1/records/{{id}}/{part}")


async def test_an_organisation_answers_as_described(partner: Partner) -> None:
    base = "/v1/organisations"
    status, made, headers = await partner.call("POST", base, base, SHOWN["RegisterOrganisation"])
    assert (status, headers["Location"]) == (201, f"{base}/{made['id']}")
    one, template = f"{base}/{made['id']}", f"{base}/{{id}}"
    body = {"name": "Another name", "organisation_kind": "ngo"}
    refused, _, _ = await partner.call("POST", f"{one}/amend", f"{template}/amend", body)
    stale, _, _ = await partner.call(
        "POST", f"{one}/amend", f"{template}/amend", body, If_Match='"stale"'
    )
    taken, _, _ = await partner.call(
        "POST", f"{one}/amend", f"{template}/amend", body, If_Match=headers["ETag"]
    )
    assert (refused, stale, taken) == (428, 412, 200)
    path = f"{base}/external/partner/a%2Fb"
    for status in (201, 200):
        told, _, _ = await partner.call(
            "PUT", path, f"{base}/external/{{system}}/{{external_id}}", body
        )
        assert told == status


async def test_a_person_and_a_post_answer_as_described(partner: Partner) -> None:
    people, posts = "/v1/people", "/v1/posts"
    _, made, _ = await partner.call("POST", people, people, SHOWN["RegisterPerson"])
    _, post, _ = await partner.call("POST", posts, posts, {"name": "County commissioner"})
    taken = {"person_id": made["id"], "since": "2026-01-02"}
    path, one = f"{posts}/{post['id']}", f"{people}/{made['id']}"
    await partner.call("POST", f"{path}/take", f"{posts}/{{id}}/take", taken)
    _, held, _ = await partner.call("GET", path, f"{posts}/{{id}}")
    _, read, _ = await partner.call(
        "POST", f"{one}/read_private", f"{people}/{{id}}/read_private", {}
    )
    _, view, headers = await partner.call("GET", one, f"{people}/{{id}}")
    assert held["identity"]["holders"][0]["person_id"] == made["id"]
    assert read["private"]["contact_details"][0]["value"] == "+211 900 000 001"
    assert headers["ETag"] == f'"{read["version"]}"'
    assert view["private"] is None


async def test_lists_maps_and_changes_answer_as_described(partner: Partner) -> None:
    for kind in ("organisations", "places", "people", "posts", "engagements", "records"):
        await partner.call("GET", f"/v1/{kind}?count=true&page_size=2", f"/v1/{kind}")
    await partner.call("GET", "/v1/records/map?bbox=20,0,40,20", "/v1/records/map")
    _, now, _ = await partner.call("GET", "/v1/changes", "/v1/changes")
    await partner.call("POST", "/v1/organisations", "/v1/organisations", {"name": "One more"})
    path = f"/v1/changes?include=record&since={now['next_cursor']}"
    _, told, _ = await partner.call("GET", path, "/v1/changes")
    assert told["items"][0]["record"]["title"]["text"] == "One more"


async def test_a_batch_answers_as_described(partner: Partner) -> None:
    path = "/v1/organisations/batch"
    items = [
        {"key": uuid4().hex, "action": "create", "body": {"name": "In a batch"}},
        {"key": uuid4().hex, "action": "create", "body": {"nmae": "misspelt"}},
    ]
    _, told, _ = await partner.call("POST", path, path, {"items": items})
    assert [item["status"] for item in told["items"]] == [201, 422]


@pytest.mark.parametrize(
    ("query", "status"), [("?colour=red", 400), ("?page_size=0", 400), ("?bbox=far", 400)]
)
async def test_a_wrong_query_answers_as_described(
    partner: Partner, query: str, status: int
) -> None:
    told, _, _ = await partner.call("GET", f"/v1/records{query}", "/v1/records")
    assert told == status
