"""Labels of STANAG 4774: what is written is read again, and what is no such label is refused by name."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.gateway.labelling.speaking import Dates, in_markings, in_xml
from services.gateway.labelling.understanding import of_marking, of_xml
from shared.errors import InvalidError
from shared.ids import RecordId
from shared.markings import load_markings
from shared.policy import WireLabel, load_policy
from shared.stanag4774 import NAMESPACE, Category, CategoryType, Confidentiality, read, written

POLICY_FILE = Path(__file__).parents[2] / "deploy/policy/mission.toml"
OWNER = RecordId.parse("organisation_00000000000000000000000001")
OTHER = RecordId.parse("organisation_00000000000000000000000002")
POLICY = load_policy(POLICY_FILE)
MARKINGS = load_markings(POLICY_FILE, POLICY)
DATES = Dates(datetime(2030, 1, 2, tzinfo=UTC), datetime(2050, 1, 2, tzinfo=UTC))
OURS = WireLabel(
    level="confidential", releasable_to=(("mil", "mission"), ("un",)), caveats=("SOURCE",)
)
# As another system writes it: another prefix, an address, an originator, white space.
FOREIGN = f"""<?xml version="1.0" encoding="UTF-8"?>
<slab:originatorConfidentialityLabel xmlns:slab="{NAMESPACE}" ReviewDateTime="2031-09-26T00:00:00Z">
  <slab:ConfidentialityInformation>
    <slab:PolicyIdentifier URI="urn:oid:1.3.26.1.3.1"> NATO </slab:PolicyIdentifier>
    <slab:Classification>Restricted</slab:Classification>
    {{categories}}
  </slab:ConfidentialityInformation>
  <slab:OriginatorID IDType="rfc822Name">desk@example.org</slab:OriginatorID>
  <slab:CreationDateTime>2026-09-26T12:00:00Z</slab:CreationDateTime>
</slab:originatorConfidentialityLabel>"""


def foreign(kind: str = "PERMISSIVE", tag: str = "Releasable to", *values: str) -> str:
    told = "".join(f"<slab:GenericValue>{value}</slab:GenericValue>" for value in values)
    category = f'<slab:Category Type="{kind}" TagName="{tag}">{told}</slab:Category>'
    return FOREIGN.replace("{categories}", category if values else "")


def understood(xml: str) -> WireLabel:
    return of_xml(POLICY, MARKINGS, read(xml, "/stanag4774"), "/stanag4774").label


def test_a_label_of_ours_comes_back_as_it_went() -> None:
    value = POLICY.label(OURS, OWNER)
    assert POLICY.label(understood(in_xml(POLICY, value, DATES)), OWNER) == value


def test_a_label_for_the_owner_alone_stays_his_wherever_it_goes() -> None:
    value = POLICY.label(WireLabel(level="public"), OWNER)
    told = read(in_xml(POLICY, value, DATES), "/stanag4774")
    assert told.categories == (
        Category(CategoryType.PERMISSIVE, "Releasable to", (f"org:{OWNER}",)),
    )
    brought = understood(in_xml(POLICY, value, DATES))
    assert POLICY.label(brought, OTHER).clauses == {frozenset({f"org:{OWNER}", f"org:{OTHER}"})}


def test_an_equivalent_is_an_alternative_label_in_the_other_policy() -> None:
    value = POLICY.label(WireLabel(level="public", releasable_to=(("all",),)), OWNER)
    found = in_markings(POLICY, MARKINGS[0], value, OWNER, DATES)
    assert found is not None
    marking, xml = found
    assert (marking, read(xml, "").policy) == ("CLEAR", "TLP")
    assert xml.startswith("<s4774:alternativeConfidentialityLabel ")


def test_a_label_of_another_system_is_read_by_the_ladder_of_its_policy() -> None:
    assert understood(foreign("PERMISSIVE", "Releasable to", "NATO", "UN")) == WireLabel(
        level="confidential", releasable_to=(("mission", "mil"), ("mil", "un"))
    )


def test_an_audience_unknown_here_lets_nobody_in() -> None:
    found = of_xml(POLICY, MARKINGS, read(foreign("PERMISSIVE", "To", "KFOR"), ""), "")
    assert (found.label.releasable_to, found.left_out) == ((), ("KFOR",))


def test_what_is_only_informative_is_told_as_left_out() -> None:
    found = of_xml(POLICY, MARKINGS, read(foreign("INFORMATIVE", "Context", "EXERCISE"), ""), "")
    assert (found.label.releasable_to, found.left_out) == ((("mission", "mil"),), ("EXERCISE",))


def test_the_chatham_house_rule_is_left_out_of_a_marking() -> None:
    found = of_marking(MARKINGS, "tlp", "TLP:AMBER//EX:CHR", "/marking")
    assert (found.label.level, found.left_out) == ("confidential", ("EX:CHR",))


def test_a_marking_with_a_tail_that_is_not_known_is_refused() -> None:
    with pytest.raises(InvalidError):
        of_marking(MARKINGS, "tlp", "TLP:AMBER//NOFORN", "/marking")


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (foreign("RESTRICTIVE", "Handling", "ATOMAL"), "unknown_caveat"),
        (foreign().replace("NATO", "ELSEWHERE"), "unknown_policy"),
        (foreign().replace("Restricted", "Cosmic Top Secret"), "not_accredited"),
        (foreign("permissive", "Releasable to", "NATO"), "not_a_label"),
        (foreign().replace("Classification", "Class"), "not_a_label"),
        (foreign().replace(NAMESPACE, "urn:else"), "not_a_label"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + foreign()[38:], "not_a_label"),
        ("<a" + " " * 16_400 + "/>", "not_a_label"),
        ("<a>", "not_a_label"),
        ("", "not_a_label"),
        ("\x00", "not_a_label"),
    ],
)
def test_what_is_no_label_or_cannot_be_kept_is_refused_by_name(xml: str, code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        understood(xml)
    assert [(one.pointer, one.code) for one in caught.value.errors] == [("/stanag4774", code)]


@pytest.mark.parametrize(("level", "code"), [("COSMIC", "unknown_level")])
def test_a_level_of_ours_that_is_none_is_refused(level: str, code: str) -> None:
    told = written(Confidentiality("UN", level, ()), DATES.created, DATES.review)
    with pytest.raises(InvalidError) as caught:
        understood(told)
    assert caught.value.errors[0].code == code


def test_values_are_escaped() -> None:
    told = Confidentiality("A<b", 'C&"d', ())
    assert read(written(told, DATES.created, DATES.review), "") == told
