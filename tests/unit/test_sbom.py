"""The bill of materials says exactly what the lock does."""

import re

import pytest

from cli.sbom import LOCK, VENDORED, bill, pinned


def test_every_pinned_package_is_in_the_bill_once() -> None:
    lock = LOCK.read_text("utf-8")
    told = [one["purl"] for one in bill(lock, '{"packages": []}')["components"]]
    assert len(told) == len(set(told)) == len(re.findall(r"^[a-z0-9][^\n]*==", lock, re.MULTILINE))
    assert {"pkg:pypi/fastapi", "pkg:pypi/nats-py"} <= {one.partition("@")[0] for one in told}


def test_the_same_lock_gives_the_same_bill() -> None:
    lock = LOCK.read_text("utf-8")
    assert _number(lock) == _number(lock)
    assert _number(lock) != _number(lock.replace("fastapi==", "fastapi==1"))


def test_what_pages_bring_along_is_in_the_bill() -> None:
    told = bill(LOCK.read_text("utf-8"), VENDORED.read_text("utf-8"))["components"]
    of_browsers = {one["name"] for one in told if one["purl"].startswith("pkg:npm/")}
    assert {"ol", "htmx.org"} <= of_browsers


def test_a_package_without_a_digest_is_refused() -> None:
    with pytest.raises(ValueError, match="one is locked without a digest"):
        list(pinned("one==1.0\n    # via two\n"))


def _number(lock: str) -> str:
    number: str = bill(lock, VENDORED.read_text("utf-8"))["serialNumber"]
    return number
