"""Whoever views as others is one of them, holds nothing of his own, and reads no more than himself."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from services.gateway.access.session_store import Viewing
from services.gateway.second_check import shown_to
from services.gateway.viewing.viewed import viewed
from shared.ids import Kind, RecordId
from shared.labels import Label, label, reads
from shared.principal import Principal
from shared.roles import Role, may_view_as
from tests.unit.story import NOW, OURS, POLICY

PARTNER = RecordId.new(Kind.ORGANISATION)
OFFICER = Principal(
    subject="officer",
    organisation=OURS,
    client="person:officer",
    communities=frozenset({"mil"}),
    caveats=frozenset({"PROTECTION"}),
    levels={"un": 2},
    roles=frozenset({Role.LIAISON_OFFICER, Role.ACCESS_ADMINISTRATOR}),
    language="fr",
)
AUDIENCES = {
    "ngo": (frozenset({"ngo"}), 1),
    "mil": (frozenset({"mil"}), 3),
    f"org:{PARTNER}": (frozenset(), 2),
}


def looking(audience: str, level: int | None) -> Principal:
    viewing = Viewing(str(RecordId.new(Kind.VIEWING)), audience, NOW)
    return viewed(OFFICER, viewing, {} if level is None else {"un": level})


def labels() -> Iterator[Label]:
    words = ("community:mil", "community:ngo", "community:all", f"org:{OURS}", f"org:{PARTNER}")
    clauses = [[word] for word in words] + [["community:mil", "community:ngo"]]
    for level, first, second in product((0, 2, 3), clauses, clauses):
        for caveats in ((), ("PROTECTION",)):
            yield label({"un": level}, [first, second], caveats)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_read_is_what_both_read(audience: str) -> None:
    communities, level = AUDIENCES[audience]
    organisation = PARTNER if audience.startswith("org:") else RecordId.new(Kind.ORGANISATION)
    theirs = Principal("x", organisation, "x", communities=communities, levels={"un": level})
    seen = {one for one in labels() if reads(looking(audience, level).clearance, one)}
    assert seen == {
        one for one in labels() if reads(OFFICER.clearance, one) and reads(theirs.clearance, one)
    }
    assert seen


def test_as_an_audience_that_is_no_longer_let_in_nothing_is_read() -> None:
    gone = looking(f"org:{PARTNER}", None)
    assert not any(reads(gone.clearance, one) for one in labels())


def test_he_brings_no_role_no_name_and_no_ownership_with_him() -> None:
    seen = looking(f"org:{PARTNER}", 2)
    assert (seen.roles, seen.caveats) == (frozenset(), frozenset())
    assert OFFICER.subject != seen.subject
    assert seen.organisation not in (OURS, PARTNER)
    assert (seen.us, seen.language, seen.asker) == (PARTNER, "fr", OFFICER)


def test_what_waits_to_be_released_is_shown_where_both_are_parties_to_it() -> None:
    view = {
        "id": str(RecordId.new(Kind.ENGAGEMENT)),
        "owner": str(OURS),
        "label": {"level": "public", "releasable_to": [["all"]], "caveats": []},
        "group_labels": {},
        "marked": {"originator": str(PARTNER)},
        "handling": {"waiting": {}},
    }
    originator, others = looking(f"org:{PARTNER}", 2), looking("ngo", 1)
    assert "handling" in (shown_to(POLICY, originator, view) or {})
    assert "handling" not in (shown_to(POLICY, others, view) or {})
    stranger = replace(originator, viewer=replace(OFFICER, organisation=RecordId.new(PARTNER.kind)))
    assert "handling" not in (shown_to(POLICY, stranger, view) or {})


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.LIAISON_OFFICER, True),
        (Role.OPERATIONS, True),
        (Role.ACCESS_ADMINISTRATOR, True),
        (Role.PARTNER, False),
        (Role.LOADER, False),
        (Role.WITNESS, False),
    ],
)
def test_the_missions_own_staff_may_look_as_others(role: Role, may: bool) -> None:
    assert may_view_as({role}) is may
