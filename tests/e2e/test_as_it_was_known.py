"""As of a past moment, through the gateway: lists, one record, its history, edges and the map."""

from uuid import uuid4

from tests.e2e.conftest import Everybody

NOT_FOUND = 404


async def test_what_was_known_then_is_read_with_the_rights_of_today(everybody: Everybody) -> None:
    writer, word = everybody["liaison-officer"], f"q{uuid4().hex}"
    body = {
        "purpose": f"Talks {word}",
        "type": "routine_liaison",
        "starts_at": "2031-06-02T09:00:00Z",
        "place": {"name": "Malakal"},
        "label": {"level": "unclassified", "releasable_to": [["mil", "un"]]},
    }
    made = await writer.post("/v1/engagements", body)
    record = f"/v1/engagements/{made['id']}"
    before = await writer.get(record, at_least=made["position"])
    moment = before["updated_at"]
    confirmed = await writer.post(f"{record}/confirm", {})
    await writer.get(record, at_least=confirmed["position"])

    then = await writer.get(record, as_of=moment)
    assert (before["status"], then["status"]) == ("planned", "planned")
    assert (await writer.get(record))["status"] == "confirmed"
    listed = await writer.get("/v1/engagements", q=word, as_of=moment, status="planned")
    assert [item["id"] for item in listed["items"]] == [made["id"]]
    path = f"/v1/records/{made['id']}"
    assert len((await writer.get(f"{path}/history", as_of=moment))["items"]) == 1
    assert len((await writer.get(f"{path}/edges", as_of=moment))["items"]) == 1
    drawn = await writer.get("/v1/records/map", q=word, as_of=moment)
    assert len(drawn["features"]) == 1

    agency = everybody["un-agency"]
    narrowed = {"label": {"level": "unclassified", "releasable_to": [["mil"]]}}
    told = await writer.post(f"{record}/relabel", narrowed)
    await writer.get(record, at_least=told["position"])
    status, _, _ = await agency.call("GET", record, params={"as_of": moment})
    assert status == NOT_FOUND


async def test_the_future_is_not_known(everybody: Everybody) -> None:
    status, problem, _ = await everybody["liaison-officer"].call(
        "GET", "/v1/engagements", params={"as_of": "2999-01-01T00:00:00Z"}
    )
    assert (status, problem["errors"][0]["code"]) == (400, "in_future")
