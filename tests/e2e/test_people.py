"""A person through the gateway: named, merged, un-merged exactly, and details read with a record of it."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest

from shared.contracts.event import Group
from shared.contracts.people import GROUPS
from shared.ids import Kind, RecordId
from shared.labels import join, reads
from shared.policy import Policy, WireLabel
from tests.e2e.conftest import Everybody
from tests.e2e.partner import Json, Partner
from tests.e2e.test_import import DATA, counts, imported
from tests.e2e.world import clearance
from tests.stack.installation import Installation

PHONE = "+211-canary-4711"
NOTE = "canary-note-4712"
OFFICE = "River Aid of the cards"
# Cards of the file that nothing is wrong with, and what stands before the first.
READABLE = 4
NAME = "Canaryname Deng"
CHIEF = {
    "described_as": "Paramount chief of an invented payam",
    "identity": {"name": NAME, "form_of_address": "Chief"},
    "private": {
        "contact_details": [{"means": "mobile", "value": PHONE}],
        "private_note": NOTE,
    },
    "label": {"level": "public", "releasable_to": [["all"]]},
}
COLUMNS = """
select format('%I.%I', schemaname, tablename) as name from pg_tables
 where schemaname not in ('pg_catalog', 'information_schema')
"""
ALL_OF = "select coalesce(string_agg(t::text, ' '), '') from {} t"
# All but the security officer, whose role asks for nothing.
WHO_MAY_ASK = (
    "liaison-officer",
    "liaison-chief",
    "ops-centre",
    "un-agency",
    "ngo-forum",
    "municipality",
)
MOVING = ("version", "updated_at")


@pytest.fixture(scope="session")
async def chief(everybody: Everybody) -> str:
    made = await everybody["liaison-officer"].post("/v1/people", CHIEF)
    return str(made["id"])


async def shown(partner: Partner, person: str) -> tuple[Json, str]:
    view = await partner.get(f"/v1/people/{person}")
    return {name: value for name, value in view.items() if name not in MOVING}, view["version"]


async def changed(partner: Partner, path: str, body: Json, version: str | None = None) -> Json:
    headers = {"Idempotency-Key": f"people {path} {version}"}
    headers |= {"If-Match": f'"{version}"'} if version else {}
    status, answer, _ = await partner.call("POST", path, body, headers=headers)
    assert status in (200, 201), answer
    return answer


async def test_a_person_is_merged_and_exactly_restored(everybody: Everybody, chief: str) -> None:
    officer = everybody["liaison-officer"]
    other = await officer.post("/v1/people", {"described_as": "The same chief"})
    _, version = await shown(officer, chief)
    named: Json = {"name": NAME, "aliases": [{"name": "Abu Canary"}]}
    await changed(officer, f"/v1/people/{chief}/rename", named, version)
    before, _ = await shown(officer, chief)
    await changed(officer, f"/v1/people/{chief}/merge", {"into": other["id"]})
    merged, _ = await shown(officer, chief)
    answer = await changed(officer, f"/v1/people/{chief}/unmerge", {"reason": "Father and son"})
    after, version = await shown(officer, chief)
    assert (merged["status"], merged["merged_into"]) == ("merged", other["id"])
    assert merged["label"] != before["label"]
    assert after == before
    assert answer["version"] == version


async def test_details_are_shown_with_a_record_of_it_and_the_version_they_leave(
    everybody: Everybody, chief: str
) -> None:
    officer = everybody["liaison-officer"]
    answer = await officer.post(f"/v1/people/{chief}/read_private", {"reason": "To call"}, "read")
    again = await officer.post(f"/v1/people/{chief}/read_private", {"reason": "To call"}, "read")
    _, version = await shown(officer, chief)
    assert answer["private"]["contact_details"][0]["value"] == PHONE
    assert [again["private"], again["version"]] == [answer["private"], answer["version"]]
    assert answer["version"] == version


async def test_validating_shows_no_details(everybody: Everybody, chief: str) -> None:
    status, answer, _ = await everybody["liaison-officer"].call(
        "POST",
        f"/v1/people/{chief}/read_private",
        {},
        params={"validate_only": "true"},
        headers={"Idempotency-Key": "only validated"},
    )
    assert (status, answer) == (200, {"outcome": "amended", "validated": True})


@pytest.mark.parametrize("persona", WHO_MAY_ASK)
async def test_each_audience_sees_exactly_the_groups_the_rule_gives_it(
    everybody: Everybody, policy: Policy, chief: str, persona: str
) -> None:
    partner = everybody[persona]
    # A writer reads his own last write, so from here on everybody's reads include it.
    await everybody["liaison-officer"].get("/v1/people", page_size="1")
    owner = RecordId.parse(everybody["liaison-officer"].persona.organisation_id)
    base = policy.label(WireLabel.model_validate(CHIEF["label"]), owner)
    reader = clearance(partner.persona, policy)
    hidden = {
        group
        for group in GROUPS[Kind.PERSON][1:]
        if not reads(reader, join(base, policy.default(Kind.PERSON, group, owner)))
    }
    view = await partner.get(f"/v1/people/{chief}")
    status, _, _ = await partner.call(
        "POST", f"/v1/people/{chief}/read_private", {}, headers={"Idempotency-Key": "rule"}
    )
    assert set(view["withheld"]) == hidden
    assert (NAME in str(view)) == (Group.IDENTITY not in hidden)
    assert status == (404 if Group.PRIVATE in hidden else 200)


async def test_who_may_not_know_who_it_is_hears_of_nothing_but_what_it_is(
    everybody: Everybody, chief: str
) -> None:
    stranger = everybody["security-officer"]
    await everybody["liaison-officer"].get(f"/v1/people/{chief}")
    view = await stranger.get(f"/v1/people/{chief}")
    assert set(view["withheld"]) == {"identity", "protocol", "private"}
    assert "anary" not in str(view)
    assert "anary" not in str(await stranger.get("/v1/records", q="Canaryname"))


@pytest.mark.parametrize("persona", ["municipality", "un-agency"])
async def test_details_one_may_not_read_are_a_verb_that_does_not_exist(
    everybody: Everybody, chief: str, persona: str
) -> None:
    partner = everybody[persona]
    absent = "person_" + "0" * 26
    paths = (f"{chief}/read_private", f"{chief}/no_such_verb", f"{absent}/read_private")
    heard = [await _heard(partner, f"/v1/people/{path}") for path in paths]
    assert heard[0] == heard[1] == heard[2]
    assert heard[0][0] == 404


async def _heard(partner: Partner, path: str) -> tuple[int, Json]:
    """The whole answer but for what differs by request."""
    status, body, _ = await partner.call("POST", path, {}, headers={"Idempotency-Key": "heard"})
    return status, {k: v for k, v in body.items() if k not in ("instance", "request_id")}


async def test_the_read_side_holds_no_private_details(
    everybody: Everybody, chief: str, installation: Installation
) -> None:
    officer = everybody["liaison-officer"]
    told = [
        await officer.get(path)
        for path in (
            f"/v1/people/{chief}",
            f"/v1/records/{chief}/history",
            f"/v1/records/{chief}/edges",
            "/v1/people",
        )
    ]
    told.append(await officer.get("/v1/records", q=PHONE))
    stored = await everything_in(installation.databases.url("reporting_read", "owner"))
    assert NAME in stored, "the read side is looked through at all"
    for word in (PHONE, NOTE, "canary-4711", "canary-note"):
        assert word not in stored
        assert word not in str([{**one, "request": None} for one in told])


async def everything_in(url: str) -> str:
    """All rows of all tables, as text."""
    connection: Any = await asyncpg.connect(
        url
    )  # Any: asyncpg's connection is generic over records
    try:
        tables = [row["name"] for row in await connection.fetch(COLUMNS)]
        rows = [await connection.fetchval(ALL_OF.format(table)) for table in tables]
    finally:
        await connection.close()
    return " ".join(rows)


async def test_people_of_a_file_are_there_once_and_tied_to_whom_they_name(
    installation: Installation, everybody: Everybody, tmp_path: Path
) -> None:
    officer = everybody["ops-centre"]
    office = await officer.post("/v1/organisations", {"name": OFFICE})
    await officer.get("/v1/organisations", page_size="1")
    cards = (DATA / "people.vcf").read_text("utf-8").replace("ORG:River Aid", f"ORG:{OFFICE}")
    file = tmp_path / "people.vcf"
    file.write_text("BEGIN:VCARD".join(cards.split("BEGIN:VCARD")[:READABLE]), "utf-8")
    first = await counts(imported(installation, tmp_path, "people", str(file)))
    second = await counts(imported(installation, tmp_path, "people", str(file)))
    assert first == {"new": 3, "amended": 0, "unchanged": 0, "rejected": 0}
    assert second == {"new": 0, "amended": 0, "unchanged": 3, "rejected": 0}
    ties = await officer.get(f"/v1/records/{office['id']}/edges")
    people = await officer.all_pages("/v1/people")
    [deng] = [one for one in people if one["described_as"]["text"] == "Head of office"]
    assert deng["identity"]["name"]["text"] == "Deng Garang Invented"
    assert [tie["organisation_id"] for tie in deng["ties"]] == [office["id"]]
    assert deng["id"] in str(ties)
