"""What an extract would tell others is told before it is made, and is what they then get, of every kind."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.conftest import Everybody
from tests.e2e.partner import Partner

FOR_US = {"level": "unclassified", "releasable_to": [["mil"]], "caveats": []}
FOR_ALL = {"level": "unclassified", "releasable_to": [["mil", "un"]], "caveats": []}
GUARDED = {"level": "confidential", "releasable_to": [["mil"]], "caveats": []}
WHEN = "2031-06-02T09:00:00Z"
OK, FORBIDDEN, NOT_FOUND, INVALID = 200, 403, 404, 422
# What there is once it is made, or stands differently to whoever asks at another moment.
PASSING = ("id", "version", "recorded_at", "updated_at")
Json = dict[str, Any]  # Any: what the gateway answers

# Of each kind, what a record says that its extract leaves out, and what both say.
KINDS: dict[str, tuple[Json, Json]] = {
    "organisations": ({"note": "They pay"}, {"name": "Invented House"}),
    "people": (
        {"note": "Lives beside it", "identity": {"name": "Invented Person"}},
        {"described_as": "Head of the ferry"},
    ),
    "posts": ({"note": "Vacant"}, {"name": "Keeper of the ferry", "area": "SS0707"}),
    "commitments": ({"conditions": "No rain"}, {"direction": "by_us", "what": "Repair it"}),
    "engagements": (
        {"desired_effect": "inform"},
        {
            "purpose": "Talks took place",
            "type": "routine_liaison",
            "starts_at": WHEN,
            "place": {"name": "Malakal"},
        },
    ),
}
# Named for the first time, so that whoever reads the identities is told of it.
GUEST = {"participants": [{"name": "Invented Guest", "side": "counterpart"}]}


async def previewed(partner: Partner, source: str, **asked: Any) -> tuple[int, Json]:  # Any: JSON
    path = f"/v1/records/{source}/extract_preview"
    status, told, _ = await partner.call("POST", path, {"audience": "un"} | asked)
    return status, told


async def recorded(officer: Partner, plural: str, label: Json) -> str:
    left, kept = KINDS[plural]
    house = {"organisation_id": officer.persona.organisation_id}
    parties = {"to": house} if plural == "commitments" else {}
    made = await officer.post(f"/v1/{plural}", left | kept | parties | {"label": label})
    await officer.get(f"/v1/records/{made['id']}", at_least=made["position"])
    return str(made["id"])


@pytest.mark.parametrize("plural", KINDS)
async def test_what_was_previewed_is_what_the_others_get(everybody: Everybody, plural: str) -> None:
    officer, agency = everybody["liaison-officer"], everybody["un-agency"]
    source = await recorded(officer, plural, FOR_US)
    house = {"organisation_id": officer.persona.organisation_id}
    parties = {"to": house} if plural == "commitments" else {}
    guest = GUEST if plural == "engagements" else {}
    extract = KINDS[plural][1] | parties | guest | {"label": FOR_ALL}

    status, told = await previewed(officer, source, extract=extract, caveats=["PROTECTION"])

    assert status == OK, told
    left = {name for group in told["left_behind"] for name in group["fields"]}
    assert {"note", "conditions", "desired_effect"} & set(KINDS[plural][0]) <= left
    assert (told["needs"], told["said_otherwise"]) == (None, [])
    assert any(one["organisation"] == agency.persona.organisation_id for one in told["readers"])
    assert (await officer.get(f"/v1/records/{source}/extracts"))["items"] == []
    made = await officer.post(f"/v1/{plural}", extract | {"extract_of": source})
    await officer.get(f"/v1/records/{made['id']}", at_least=made["position"])
    seen = await agency.get(f"/v1/records/{made['id']}")
    # The agency's desk is of this community, and holds this caveat and nothing else.
    assert without_passing(seen) == without_passing(told["record"])


async def test_what_must_be_asked_for_is_previewed_before_it_is(everybody: Everybody) -> None:
    officer = everybody["liaison-officer"]
    source = await recorded(officer, "engagements", GUARDED)
    word = f"Talks {uuid4().hex}"
    extract = KINDS["engagements"][1] | {"purpose": word, "label": FOR_ALL}

    status, told = await previewed(officer, source, extract=extract)

    assert (status, told["needs"]["code"]) == (OK, "extract_needs_approval")
    assert told["record"]["purpose"]["text"] == word
    assert told["said_otherwise"] == [{"group": "base", "fields": ["purpose"]}]
    assert (await officer.get("/v1/engagements", q=word))["items"] == []


async def test_only_the_owner_previews_and_what_is_wrong_is_named(everybody: Everybody) -> None:
    officer, agency = everybody["liaison-officer"], everybody["un-agency"]
    open_, hidden = (
        await recorded(officer, "organisations", FOR_ALL),
        await recorded(officer, "organisations", GUARDED),
    )
    extract: Json = {"name": "Invented House", "label": FOR_ALL}
    assert (await previewed(agency, hidden, extract=extract))[0] == NOT_FOUND
    assert (await previewed(agency, open_, extract=extract))[0] == FORBIDDEN
    wrong: dict[str, Json] = {
        "/extract/name": {"extract": {}},
        "/extract/extract_of": {"extract": extract | {"extract_of": hidden}},
        "/way": {"extract": extract, "way": "record_held"},
        "/audience": {"extract": extract, "audience": "nobody"},
        "/caveats/0": {"extract": extract, "caveats": ["UNHEARD"]},
    }
    for pointer, asked in wrong.items():
        status, told = await previewed(officer, open_, **asked)
        assert (status, [one["pointer"] for one in told["errors"]]) == (INVALID, [pointer])


def without_passing(view: Json) -> Json:
    """Whoever is made by name at a meeting has an id of his own each time."""
    told = {name: value for name, value in view.items() if name not in PASSING}
    people = (told.get("identity") or {}).get("people", ())
    for one in (*told.get("participants", ()), *people):
        one.pop("person_id", None)
    assert "position" not in json.dumps(told)
    return told
