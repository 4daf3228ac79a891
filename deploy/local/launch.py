"""Becomes a program that ends with its parent, as another user if told so.

`launch.py PARENT_PID SIGNAL USER CAPABILITY -- program arguments...`; USER, CAPABILITY may be `-`.
Standard library only, run with `-I -S`: it is on the path of every process start.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
# Capabilities survive the change of user, and access() heeds them.
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522
PARENT_GONE = 75


def main(arguments: list[str]) -> None:
    parent, signal_number, user, capability = arguments[:4]
    program = arguments[5:]
    if user != "-":
        _become(user, None if capability == "-" else int(capability))
    # After the change of user, which clears it.
    _die_with_parent(int(signal_number))
    if os.getppid() != int(parent):
        sys.exit(PARENT_GONE)
    os.execv(program[0], program)  # noqa: S606 - that is the purpose


def _become(user: str, capability: int | None) -> None:
    account = pwd.getpwnam(user)
    if capability is not None:
        _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    if capability is not None:
        _keep_only(capability)


def _keep_only(capability: int) -> None:
    """Keeps one capability across the change of user and across exec, and drops all others."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    bit = 1 << capability
    # effective, permitted, inheritable: low words, then high words.
    data = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    if libc.capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "cannot keep a capability")
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def _die_with_parent(signal_number: int) -> None:
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, signal_number)


def _prctl(option: int, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_ulong(word) for word in (*arguments, 0, 0, 0, 0)[:4]]
    if libc.prctl(ctypes.c_int(option), *words) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option} refused")


main(sys.argv[1:])
