"""What health says of a part that is not well: why, in words without content."""

import asyncio

import pytest

from shared.errors import BusyError, HealthError
from shared.health import Check, Finding, health_body, run_checks


class HaltedForTestError(HealthError):
    code = "halted"


def raising(wrong: Exception) -> Check:
    async def check() -> None:
        raise wrong

    return check


async def found(check: Check) -> Finding:
    return (await run_checks({"one": check}))["one"]


async def test_a_reason_made_for_operators_is_told_with_its_code() -> None:
    halted = raising(HaltedForTestError("the stream and the store differ at position 7"))
    assert await found(halted) == Finding("halted", "the stream and the store differ at position 7")


async def test_an_error_made_for_callers_is_told_in_its_words() -> None:
    assert (await found(raising(BusyError("Try again.")))).reason == "Try again."


async def test_of_any_other_error_only_the_kind_is_told() -> None:
    secret = raising(ConnectionError("no database at parley:secret@10.0.0.1"))
    assert await found(secret) == Finding("failing", "ConnectionError")


async def test_a_check_that_hangs_is_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.health.CHECK_TIMEOUT_SECONDS", 0.01)
    assert await found(asyncio.Event().wait) == Finding("failing", "no answer within 0.01 s")


def test_who_is_well_gives_no_reasons() -> None:
    assert health_body({"bus": Finding("ok")}) == {"status": "ready", "checks": {"bus": "ok"}}


def test_who_is_not_well_names_the_reasons_of_what_fails() -> None:
    body = health_body({"bus": Finding("ok"), "relay": Finding("halted", "It differs at 7.")})
    assert body["status"] == "not_ready"
    assert body["reasons"] == {"relay": "It differs at 7."}
