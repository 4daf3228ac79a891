"""How files become plans: identity, names, kinds, parents; nothing is sent here."""

from pathlib import Path

import pytest

from cli.importing.reading import read_plan
from shared.importing.plan import Item, Plan, UnreadableFileError, Wishes, waves

DATA = Path(__file__).parents[1] / "data"


def planned(what: str, name: str, **wishes) -> Plan:
    return read_plan(DATA / name, what, Wishes(**wishes))


def written(folder: Path, text: str, what: str = "organisations", **wishes) -> Plan:
    file = folder / "file.csv"
    file.write_text(text, "utf-8")
    return read_plan(file, what, Wishes(**wishes))


def by_key(plan: Plan) -> dict[str, Item]:
    return {item.key: item for item in plan.items}


@pytest.fixture(scope="module")
def organisations() -> Plan:
    return planned("organisations", "somalia_organisations.json")


@pytest.fixture(scope="module")
def locations() -> Plan:
    return planned("places", "somalia_locations.json")


@pytest.fixture(scope="module")
def pcodes() -> Plan:
    return planned("places", "pcodes_south_sudan_somalia.csv")


def test_every_organisation_of_the_file_is_planned_under_its_own_key(organisations: Plan) -> None:
    assert len(by_key(organisations)) == 1730


def test_blanks_and_slashes_in_keys_survive_byte_for_byte(organisations: Plan) -> None:
    keys = by_key(organisations).keys()
    assert {"Alliance for Health Policy and Systems Research AHPSR ", "CARE Benin/Togo"} <= keys


def test_a_synonym_that_is_prose_becomes_a_note_and_is_reported(organisations: Plan) -> None:
    har_hub = by_key(organisations)["Har-Hub"]
    assert har_hub.body["aliases"] == []
    assert "unemployment rate" in har_hub.body["note"]["text"]
    assert "Har-Hub" in {remark.key for remark in organisations.remarks if remark.what == "note"}


def test_an_entry_marked_skip_is_registered_as_retired(organisations: Plan) -> None:
    assert sum(item.body.get("retired", False) for item in organisations.items) == 20


def test_equal_names_are_two_organisations_and_a_hint(organisations: Plan) -> None:
    names = [item.body["name"]["text"] for item in organisations.items]
    assert names.count("Tadamun Social Society") == 2
    hints = [remark.reason for remark in organisations.remarks if remark.what == "duplicate"]
    assert len(hints) >= 4


def test_a_kind_is_taken_only_from_what_the_file_says(organisations: Plan) -> None:
    assert by_key(organisations)["Har-Hub"].body["organisation_kind"] == "unknown"
    assert by_key(organisations)["ACTED"].body["organisation_kind"] == "ngo"


def test_every_place_of_the_tree_is_planned_under_its_path(locations: Plan) -> None:
    keys = by_key(locations)
    assert len(keys) == 4473
    abdiaziz = keys["admin1/Banadir (Mogadishu)/admin2/Abdiaziz"]
    assert abdiaziz.parent == "admin1/Banadir (Mogadishu)"
    assert abdiaziz.body["alternative_names"] == [{"text": "Abdi aziz"}]


def test_a_p_code_repeated_from_the_parent_stays_the_parents(locations: Plan) -> None:
    codes = [item.body["pcode"] for item in locations.items if "pcode" in item.body]
    assert len(codes) == len(set(codes)) == 18
    assert [r for r in locations.remarks if r.field == "pcode"]


def test_the_p_code_list_gets_its_countries_as_parents(pcodes: Plan) -> None:
    keys = by_key(pcodes)
    assert len(keys) == 201
    assert keys["SSD"].body["name"]["text"] == "South Sudan"
    assert keys["SS0309"].parent == "SS03"
    assert keys["SS03"].parent == "SSD"
    assert pcodes.system == "pcode"


def test_parents_are_sent_before_their_children(pcodes: Plan) -> None:
    levels = [{item.body["level"] for item in wave} for wave in waves(pcodes.items)]
    assert levels == [{"country"}, {"admin1"}, {"admin2"}]


def test_places_whose_parents_go_round_in_a_circle_are_all_sent_once() -> None:
    one, other = Item("a", "line 1", {}, "b"), Item("b", "line 2", {}, "a")
    assert sorted(item.key for wave in waves((one, other)) for item in wave) == ["a", "b"]


def test_hxl_tags_under_spanish_headers_name_the_columns() -> None:
    plan = planned("organisations", "hxl_sample.csv")
    assert [item.body["name"] for item in plan.items] == [
        {"text": name, "lang": "es"} for name in ("ACNUR", "OMS", "UNICEF", "OMS")
    ]
    assert "Organización (#org+es)" in "\n".join(plan.mapping)


def test_without_an_id_column_a_row_is_known_by_its_digest() -> None:
    first = planned("organisations", "hxl_sample.csv")
    again = planned("organisations", "hxl_sample.csv")
    assert first.items == again.items
    assert len(by_key(first)) == 4


def test_a_chosen_column_is_the_identity_and_a_repeated_id_is_reported() -> None:
    plan = planned("organisations", "hxl_sample.csv", id_column="#org")
    assert set(by_key(plan)) == {"ACNUR", "OMS", "UNICEF"}
    assert [remark.key for remark in plan.remarks if remark.what == "note"] == ["OMS"]


def test_points_and_numbered_levels_are_understood() -> None:
    plan = planned("places", "kosovo_districts.csv", id_column="id")
    prizren = by_key(plan)["XK03"].body
    assert prizren["level"] == "admin1"
    assert prizren["point"] == {"lat": 42.18, "lon": 20.7}
    assert prizren["precision"] == "province"


@pytest.mark.parametrize("header", ["Organización", "organisation", "NOMBRE", "Org Name", "Nom"])
def test_headers_are_known_in_three_languages(tmp_path: Path, header: str) -> None:
    plan = written(tmp_path, f"{header};x\nInvented Relief;1\n")
    assert plan.items[0].body["name"]["text"] == "Invented Relief"


def test_an_id_keeps_its_blanks_and_a_row_without_a_name_is_rejected(tmp_path: Path) -> None:
    plan = written(tmp_path, "code,name\n A/1 ,Invented Relief\nB,\n", id_column="code")
    assert list(by_key(plan)) == [" A/1 "]
    assert [(r.what, r.row, r.key) for r in plan.remarks] == [("rejected", "line 3", "B")]


def test_a_column_can_be_named_where_detection_is_wrong(tmp_path: Path) -> None:
    plan = written(tmp_path, "wer\nInvented Relief\n", columns={"name": "wer"})
    assert plan.items[0].body["name"]["text"] == "Invented Relief"


def test_a_wrong_column_is_answered_with_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="The file has: name, code"):
        written(tmp_path, "name,code\nx,1\n", id_column="nr")


@pytest.mark.parametrize(
    ("text", "says"), [("", "empty"), ("{", "not JSON"), ('["x"]', "not an object")]
)
def test_a_file_that_is_nothing_of_the_kind_is_refused(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        written(tmp_path, text)
