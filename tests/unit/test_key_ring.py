"""The file of key-encryption keys: the first wraps, the others still open, and a change is taken up."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from deploy.local.layout import write_private
from shared.key_ring import KeyRing, WrappingKey, read_ring, spelled

AT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
OLD, NEW = bytes(range(32)), bytes(range(32, 64))
PLAIN, BOUND = b"a key", b"person|1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "kek-contacts.key"
    made.write_text(OLD.hex())
    return made


def test_what_is_spelled_is_read_back(path: Path) -> None:
    keys = (WrappingKey(NEW), WrappingKey(OLD, AT))
    path.write_text(spelled(keys))
    assert read_ring(path) == keys


def test_a_running_process_takes_up_a_change_by_itself(path: Path) -> None:
    writer, reader = KeyRing(path), KeyRing(path)
    before = writer.seal(PLAIN, BOUND)
    write_private(path, spelled([WrappingKey(NEW), WrappingKey(OLD, AT)]))
    after = writer.seal(PLAIN, BOUND)
    assert KeyRing.of(NEW).open(after, BOUND) == PLAIN
    assert [reader.open(one, BOUND) for one in (after, before)] == [PLAIN, PLAIN]


def test_what_an_expired_key_wrapped_does_not_open(path: Path) -> None:
    ring = KeyRing(path)
    sealed = ring.seal(PLAIN, BOUND)
    write_private(path, NEW.hex())
    with pytest.raises(InvalidTag):
        KeyRing(path).open(sealed, BOUND)


def test_nothing_opens_under_another_binding(path: Path) -> None:
    ring = KeyRing(path)
    with pytest.raises(InvalidTag):
        ring.open(ring.seal(PLAIN, BOUND), b"person|2")


def test_nothing_is_wrapped_with_a_key_that_is_no_longer_on_the_disk(path: Path) -> None:
    ring = KeyRing(path)
    path.unlink()
    with pytest.raises(OSError, match="No such file"):
        ring.seal(PLAIN, BOUND)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "abcd",
        f"{OLD.hex()}\n{NEW.hex()}",
        f"{OLD.hex()} retired {AT.isoformat()}",
        f"{OLD.hex()} expired {AT.isoformat()}",
    ],
)
def test_a_file_that_holds_anything_else_is_refused(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(ValueError, match="hold"):
        KeyRing(path)


def test_a_key_does_not_show_its_secret(path: Path) -> None:
    assert OLD.hex() not in repr(read_ring(path))
    assert repr(OLD) not in repr(read_ring(path))
