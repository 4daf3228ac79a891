"""No file of tests is left out of the parts of the suite, and none runs twice."""

import pytest

from cli.testing.parts import PARTS, REST, shared_out


def test_every_file_is_in_exactly_one_part() -> None:
    files = ["tests/fault/test_a.py", "tests/new_folder/deep/test_b.py", "tests/browser/test_c.py"]
    parts = shared_out(files)
    assert sorted(file for part in parts.values() for file in part) == sorted(files)


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("tests/browser/test_every_page.py", "every page"),
        ("tests/fault/installed/test_a.py", "faults, installed"),
        ("tests/fault/test_a.py", "faults"),
        ("tests/browser/test_tour.py", "pages"),
        ("tests/security/test_canary.py", "security"),
        ("tests/service/test_gateway_feed.py", "gateway"),
        ("tests/a_folder_nobody_named/test_a.py", REST),
    ],
)
def test_a_file_belongs_to_the_first_part_that_names_it(file: str, part: str) -> None:
    assert shared_out([file])[part] == [file]


def test_each_part_but_the_rest_names_something() -> None:
    assert [name for name, own in PARTS.items() if not own] == [REST]
