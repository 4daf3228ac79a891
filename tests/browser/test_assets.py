"""The files that pages load: as published by their makers, small enough, and readable in both themes."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from services.gateway.web.assets import FOLDER
from tests.browser.conftest import Visit

VENDOR = FOLDER / "vendor"
PACKAGES = json.loads((VENDOR / "VENDOR.json").read_text("utf-8"))["packages"]
HASHES = [(path, digest) for package in PACKAGES for path, digest in package["files"].items()]
FIRST_LOAD_BYTES, MAP_PAGE_BYTES = 120_000, 480_000
MAP_FILES = ("vendor/ol.js", "basemap/", "vendor/fonts/")
THEMES = {"light": r":root \{(.*?)\}", "dark": r':root\[data-theme="dark"\] \{(.*?)\}'}
READABLE = [
    ("ink", "bg"), ("ink", "surface"), ("ink-2", "bg"), ("ink-2", "surface"), ("ink-2", "sunken"),
    ("accent", "surface"), ("accent", "accent-soft"), ("on-accent", "accent"),
    ("ok", "surface"), ("warn", "surface"), ("danger", "surface"),
    ("ok", "ok-soft"), ("warn", "warn-soft"), ("danger", "danger-soft"),
    ("viewing", "surface"), ("viewing", "viewing-soft"), ("surface", "viewing"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "digest"), HASHES)
def test_a_vendored_file_is_the_one_that_was_taken_in(path: str, digest: str) -> None:
    assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == digest


def test_no_vendored_file_is_without_a_record() -> None:
    there = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()}
    assert there - {"VENDOR.json"} == {path for path, _ in HASHES}


def test_the_dark_theme_is_said_the_same_twice() -> None:
    sheet = (FOLDER / "css" / "tokens.css").read_text("utf-8")
    by_device = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', sheet, re.DOTALL)
    by_choice = re.search(THEMES["dark"], sheet, re.DOTALL)
    assert by_device
    assert by_choice
    assert by_device[1].split() == by_choice[1].split()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), READABLE)
def test_text_stands_out_from_its_ground(theme: str, text: str, ground: str) -> None:
    tokens = _tokens(theme)
    assert _contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("category", ["c1", "c2", "c3", "c4", "c5", "c6"])
def test_a_category_colour_stands_out_from_the_surface(theme: str, category: str) -> None:
    tokens = _tokens(theme)
    assert _contrast(tokens[category], tokens["surface"]) >= 3.0


def test_the_first_load_of_a_page_is_small(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/engagements")
    page.wait_for_selector("#connection[data-state=live]")
    sizes = [_packed(visitor.site.address, url) for url in visitor.requests]
    assert sum(sizes) + len(gzip.compress(page.content().encode())) <= FIRST_LOAD_BYTES


def test_the_page_with_the_map_is_small_enough(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.wait_for_selector("#map[data-features]")
    sizes = [_packed(visitor.site.address, url, with_map=True) for url in visitor.requests]
    assert sum(sizes) + len(gzip.compress(page.content().encode())) <= MAP_PAGE_BYTES


def _packed(address: str, url: str, with_map: bool = False) -> int:
    """Bytes of a static file as sent; fonts, and without `with_map` the map's files, are not counted."""
    path = re.sub(r"^/static/\w+/", "", url.removeprefix(address))
    skipped = MAP_FILES[2:] if with_map else MAP_FILES
    file = FOLDER / path
    counted = file.is_file() and not path.startswith(skipped)
    return len(gzip.compress(file.read_bytes(), 9)) if counted else 0


def _tokens(theme: str) -> dict[str, str]:
    sheet = (Path(FOLDER) / "css" / "tokens.css").read_text("utf-8")
    block = re.search(THEMES[theme], sheet, re.DOTALL)
    assert block
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


def _contrast(first: str, second: str) -> float:
    """The ratio of WCAG 2.2, 1.4.3."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
