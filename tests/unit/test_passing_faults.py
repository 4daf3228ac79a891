"""Which faults pass by themselves, so that a caller is told to come back and a projection to go on."""

import asyncpg
import pytest

from shared.database import is_passing


@pytest.mark.parametrize(
    "fault",
    [
        asyncpg.ConnectionDoesNotExistError("closed"),
        asyncpg.AdminShutdownError("terminated by an administrator"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.TooManyConnectionsError("all taken"),
        asyncpg.DiskFullError("no room"),
        asyncpg.DeadlockDetectedError("again"),
        asyncpg.ReadOnlySQLTransactionError("standby"),
        asyncpg.InterfaceError("pool is closing"),
        asyncpg.InternalClientError("lost in the middle of a message"),
        ConnectionRefusedError(),
        TimeoutError(),
        ExceptionGroup("both", [TimeoutError(), OSError()]),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_an_outage_passes(fault: Exception) -> None:
    assert is_passing(fault)


@pytest.mark.parametrize(
    "fault",
    [
        asyncpg.UniqueViolationError("twice"),
        asyncpg.DataError("not a number"),
        asyncpg.UndefinedTableError("no such table"),
        asyncpg.InsufficientPrivilegeError("not allowed"),
        asyncpg.exceptions._base.DataError("the driver refuses a value"),
        ValueError("wrong"),
        LookupError("absent"),
        ExceptionGroup("one of them stays", [TimeoutError(), ValueError()]),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_of_what_was_sent_stays(fault: Exception) -> None:
    assert not is_passing(fault)
