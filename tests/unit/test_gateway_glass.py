"""The rules of emergency access: openable caveats, four hours at most, reviewed by another."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.gateway.emergency.glass import (
    LONGEST,
    BreakGlass,
    CloseGlass,
    Command,
    Glass,
    ReviewGlass,
    glass,
)
from shared.contracts.glass import Finding, GlassBroken, GlassClosed, GlassReviewed
from shared.decider import Context
from shared.errors import ForbiddenError, InvalidError, NotFoundError, RejectedError
from tests.unit.access_builders import ADMINISTRATION, ORGANISATION, WHY
from tests.unit.story import NOW, a_context

MINE = BreakGlass("someone", ORGANISATION, frozenset({"PROTECTION"}), timedelta(hours=1), WHY)
REVIEW = ReviewGlass(Finding.JUSTIFIED, WHY)


def context(by: str, now: datetime = NOW) -> Context:
    return replace(a_context(now), principal=replace(ADMINISTRATION, subject=by))


def after(*commands: Command) -> Glass:
    state = Glass()
    for command in commands:
        for event in glass.decide(state, command, context("officer")):
            state = glass.evolve(state, event)
    return state


def test_named_caveats_are_opened_until_a_moment() -> None:
    [event] = glass.decide(Glass(), MINE, context("someone"))
    assert isinstance(event, GlassBroken)
    assert (event.caveats, event.until) == (("PROTECTION",), NOW + timedelta(hours=1))


@pytest.mark.parametrize("caveats", [(), ("SOURCE",), ("NO_SUCH",), ("PROTECTION", "SOURCE")])
def test_what_protects_sources_and_what_is_unknown_is_opened_for_nobody(caveats) -> None:
    with pytest.raises(InvalidError):
        glass.decide(Glass(), replace(MINE, caveats=frozenset(caveats)), context("someone"))


@pytest.mark.parametrize("lasting", [timedelta(), LONGEST + timedelta(seconds=1)])
def test_it_lasts_four_hours_at_most(lasting: timedelta) -> None:
    with pytest.raises(InvalidError):
        glass.decide(Glass(), replace(MINE, lasting=lasting), context("someone"))


def test_it_is_over_by_itself() -> None:
    opened = after(MINE)
    assert opened.is_open(NOW + timedelta(minutes=59))
    assert not opened.is_open(NOW + timedelta(hours=1))
    over = context("someone", NOW + timedelta(hours=2))
    assert glass.decide(opened, CloseGlass(), over) == []


def test_it_is_closed_before_by_whoever_is_let_to() -> None:
    [event] = glass.decide(after(MINE), CloseGlass(), context("officer"))
    assert isinstance(event, GlassClosed)
    assert not after(MINE, CloseGlass()).is_open(NOW)


def test_it_is_reviewed_once_when_it_is_over_and_by_another() -> None:
    closed = after(MINE, CloseGlass())
    [event] = glass.decide(closed, REVIEW, context("officer"))
    assert isinstance(event, GlassReviewed)
    with pytest.raises(ForbiddenError):
        glass.decide(closed, REVIEW, context("someone"))
    with pytest.raises(RejectedError):
        glass.decide(after(MINE), REVIEW, context("officer"))
    with pytest.raises(RejectedError):
        glass.decide(after(MINE, CloseGlass(), REVIEW), REVIEW, context("officer"))


def test_what_was_never_opened_is_neither_closed_nor_reviewed() -> None:
    for command in (CloseGlass(), REVIEW):
        with pytest.raises(NotFoundError):
            glass.decide(Glass(), command, context("officer"))
