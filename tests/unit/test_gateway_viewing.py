"""The rules of viewing as others: for an hour at most, each for himself."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.gateway.viewing.viewing import (
    LASTING,
    BeginViewing,
    Command,
    LeaveViewing,
    Viewing,
    viewing,
)
from shared.contracts.viewing import ViewingBegan, ViewingLeft
from shared.decider import Context
from shared.errors import NotFoundError, RejectedError
from tests.unit.access_builders import ADMINISTRATION, ORGANISATION
from tests.unit.story import NOW, a_context

AS_NGO, LEAVE = BeginViewing(ORGANISATION, "ngo"), LeaveViewing()


def context(by: str = "someone", now: datetime = NOW) -> Context:
    return replace(a_context(now), principal=replace(ADMINISTRATION, subject=by))


def after(*commands: Command) -> Viewing:
    state = Viewing()
    for command in commands:
        for event in viewing.decide(state, command, context()):
            state = viewing.evolve(state, event)
    return state


def test_it_is_said_who_looks_as_whom_and_until_when() -> None:
    [event] = viewing.decide(Viewing(), AS_NGO, context())
    assert isinstance(event, ViewingBegan)
    assert (event.account_id, event.organisation_id, event.audience) == (
        "someone",
        ORGANISATION,
        "ngo",
    )
    assert (event.began_at, event.until) == (NOW, NOW + LASTING)


def test_it_is_over_by_itself_after_an_hour() -> None:
    begun = after(AS_NGO)
    assert timedelta(hours=1) == LASTING
    assert begun.goes_on(NOW + LASTING - timedelta(seconds=1))
    assert not begun.goes_on(NOW + LASTING)
    assert viewing.decide(begun, LEAVE, context(now=NOW + LASTING)) == []


def test_it_is_left_once() -> None:
    [event] = viewing.decide(after(AS_NGO), LEAVE, context())
    assert event == ViewingLeft(left_at=NOW)
    assert not after(AS_NGO, LEAVE).goes_on(NOW)
    assert viewing.decide(after(AS_NGO, LEAVE), LEAVE, context()) == []


def test_nobody_begins_the_same_again_and_nobody_leaves_anothers() -> None:
    with pytest.raises(RejectedError):
        viewing.decide(after(AS_NGO, LEAVE), AS_NGO, context())
    with pytest.raises(NotFoundError):
        viewing.decide(after(AS_NGO), LEAVE, context("another"))
    with pytest.raises(NotFoundError):
        viewing.decide(Viewing(), LEAVE, context())
