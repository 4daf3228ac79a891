"""Hints that a name is borne already are only ever hints: what was written stands without them."""

from typing import Any, cast

import pytest

from services.contacts.hints import NameHints
from shared.errors import BusyError
from shared.ids import RecordId
from shared.principal import Principal

ONE = RecordId.parse("organisation_00000000000000000000000001")
WRITER = Principal("ann", ONE, "ann-client", communities=frozenset(), levels={})


class Failing:
    """A pool of a database that does not answer, or was asked nonsense."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    async def fetch(self, *_: Any, **__: Any) -> Any:
        raise self.fault


def hints(fault: Exception) -> NameHints:
    return NameHints(cast("Any", Failing(fault)), cast("Any", None), b"secret")


@pytest.mark.parametrize("fault", [TimeoutError(), BusyError("The database did not answer.")])
async def test_a_write_is_answered_without_hints_while_the_database_does_not_answer(
    fault: Exception,
) -> None:
    assert await hints(fault).note(["Relief"], ONE, WRITER) == ()


async def test_a_fault_of_our_own_is_not_taken_for_an_outage() -> None:
    with pytest.raises(KeyError):
        await hints(KeyError("name")).note(["Relief"], ONE, WRITER)
