"""How files of people become plans: who it is, what somebody is, how to reach somebody."""

from pathlib import Path
from typing import Any

import pytest

from cli.importing.people_ties import with_ties
from cli.importing.reading import read_plan
from cli.importing.vcard import Property, cards_of
from shared.importing.plan import Item, Plan, UnreadableFileError, Wishes

CARDS = Path(__file__).parents[1] / "data/people.vcf"
TABLE = """uid,Full name,Nicknames,Position,Organisation,Mobile,Private note,Note
7,Deng Invented,Abu Deng; The Elder,Head of office,River Aid,+211 900 000 001,Call late,Speaks last
8,Nyandeng Invented,,,,,,
"""


@pytest.fixture(scope="module")
def cards() -> Plan:
    return read_plan(CARDS, "people", Wishes())


@pytest.fixture
def written(tmp_path):
    def plan(content: str | bytes, what: str = "people", **wishes) -> Plan:
        file = tmp_path / "people.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_plan(file, what, Wishes(**wishes))

    return plan


def named(plan: Plan) -> dict[str, Item]:
    return {item.body["identity"]["name"]["text"]: item for item in plan.items}


def details(item: Item) -> list[tuple[str, str]]:
    return [(one["means"], one["value"]) for one in item.body["private"]["contact_details"]]


def test_every_card_that_can_be_read_is_planned_and_the_rest_told(cards):
    assert list(named(cards)) == ["Deng Garang Invented", "فاطمة المخترعة", "Jürgen Erfunden"]
    assert [(one.what, one.row) for one in cards.remarks] == [
        ("rejected", "line 33"),
        ("rejected", "line 37"),
    ]
    assert "NO-SUCH-SET" in cards.remarks[0].reason


def test_a_card_of_version_3_fills_every_group(cards):
    deng = named(cards)["Deng Garang Invented"]
    assert (deng.key, deng.row, deng.organisation) == ("urn:uuid:1", "line 1", "River Aid")
    assert deng.body["described_as"]["text"] == "Head of office"
    assert deng.body["identity"]["form_of_address"]["text"] == "Chief"
    assert [one["name"]["text"] for one in deng.body["identity"]["aliases"]] == [
        "Abu Deng",
        "The Elder, of Akobo",
    ]
    assert deng.body["private"]["private_note"]["text"] == (
        "Speaks last, and at length.\nPrefers mornings."
    )
    assert details(deng) == [
        ("mobile", "+211 900 000 001"),
        ("telephone", "+211 900 000 002"),
        ("email", "deng@example.org"),
        ("address", "Market Road 1, Akobo, South Sudan"),
    ]
    assert "nus" in deng.body["protocol"][0]["text"]["text"]


def test_a_card_of_version_4_may_hold_several_names(cards):
    fatima = named(cards)["فاطمة المخترعة"]
    [alias] = fatima.body["identity"]["aliases"]
    assert alias == {
        "name": {"text": "Fatima Invented", "lang": "en"},
        "alias_kind": "other_spelling",
    }
    assert details(fatima) == [
        ("mobile", "+249-900-000-003"),
        ("messenger", "xmpp:fatima@example.org"),
    ]


def test_an_old_card_is_read_in_its_own_charset(cards):
    jurgen = named(cards)["Jürgen Erfunden"]
    assert jurgen.body["described_as"]["text"] == "Not described yet"
    assert details(jurgen) == [("mobile", "+49 900 000 004")]
    note = jurgen.body["private"]["private_note"]["text"]
    assert note == "Eine lange Notiz\nauf zwei Zeilen"


def test_the_name_is_in_no_field_of_the_base(cards):
    for item in cards.items:
        base = {key: value for key, value in item.body.items() if key != "identity"}
        assert item.body["identity"]["name"]["text"] not in str(base)


def test_a_card_without_uid_keeps_its_key_while_it_stays_as_it_is(cards):
    again = read_plan(CARDS, "people", Wishes())
    assert [item.key for item in again.items] == [item.key for item in cards.items]


def test_a_letter_folded_in_the_middle_is_whole_again():
    folded = "FN:Jü".encode()[:-1] + b"\r\n " + "ü".encode()[1:] + b"rgen"
    [card] = cards_of(b"BEGIN:VCARD\r\n" + folded + b"\r\nEND:VCARD\r\n")
    assert [one.text for one in card.properties()] == ["Jürgen"]


def test_parts_and_items_are_told_from_escaped_separators():
    assert Property("N", r"A\;B;C,D;;").parts == ("A;B", "C,D", "", "")
    assert Property("NICKNAME", r"A\,B,C\\,").items == ("A,B", "C\\")


@pytest.mark.parametrize(
    "content", [b"BEGIN:VCARD\nFN:Deng", b"BEGIN:VCARD\nFN:Deng\nEND:VCARD\nFN:More"]
)
def test_a_file_that_cannot_be_told_into_cards_is_not_imported(written, content):
    with pytest.raises(UnreadableFileError, match="no vCard file"):
        written(content)


def test_cards_are_people_and_nothing_else(written):
    with pytest.raises(UnreadableFileError, match="import it as people"):
        written(CARDS.read_bytes(), what="organisations")


def test_a_table_fills_every_group(written):
    deng, nyandeng = written(TABLE).items
    assert (deng.key, deng.organisation) == ("7", "River Aid")
    assert deng.body == {
        "described_as": {"text": "Head of office", "lang": "en"},
        "identity": {
            "name": {"text": "Deng Invented"},
            "aliases": [{"name": {"text": "Abu Deng"}}, {"name": {"text": "The Elder"}}],
            "form_of_address": None,
        },
        "private": {
            "contact_details": [{"means": "mobile", "value": "+211 900 000 001"}],
            "private_note": {"text": "Call late", "lang": "en"},
        },
        "note": {"text": "Speaks last", "lang": "en"},
    }
    assert "private" not in nyandeng.body


def test_json_may_be_a_list_or_keyed_by_the_files_own_ids(written):
    keyed = written('{"a 7": {"name": "Deng Invented", "aliases": ["Abu Deng"]}}')
    listed = written('[{"id": "a 7", "name": "Deng Invented", "aliases": ["Abu Deng"]}]')
    assert [item.key for item in keyed.items] == [item.key for item in listed.items] == ["a 7"]
    assert keyed.items[0].body["identity"] == listed.items[0].body["identity"]


class Register:
    """Stands in for a gateway that knows these organisations."""

    def __init__(self, views: list[dict[str, Any]]) -> None:
        self.views = views

    async def get(self, path: str, **params: str) -> dict[str, Any]:
        return {"items": self.views, "next_cursor": None}


def an_organisation(
    id_: str, name: str, status: str = "active", external: str = ""
) -> dict[str, Any]:
    externals = [{"system": "diary", "id": external}] if external else []
    named = {"name": {"text": name}, "short_name": None, "aliases": [], "external_ids": externals}
    return {"id": id_, "status": status} | named


@pytest.mark.parametrize(
    ("known", "ties"),
    [
        ([an_organisation("o1", "RIVER aid")], ["o1"]),
        ([an_organisation("o1", "Other", external="River Aid")], ["o1"]),
        ([an_organisation("o1", "River Aid"), an_organisation("o2", "River Aid")], []),
        ([an_organisation("o1", "River Aid", "retired")], []),
        ([], []),
    ],
)
async def test_somebody_is_tied_to_the_one_organisation_that_fits(written, known, ties):
    register: Any = Register(known)  # Any: a small part of the gateway
    plan = await with_ties(register, written(TABLE))
    tied = [tie["organisation_id"] for tie in plan.items[0].body.get("ties", [])]
    untied = [remark.field for remark in plan.remarks]
    assert (tied, untied) == (ties, [] if ties else ["organisation"])
