"""`./parley sbom`: what the product is made of besides itself, as CycloneDX, from its lock."""

import argparse
import json
import re
import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deploy.local.layout import ROOT

VENDORED = ROOT / "services/gateway/web/static/vendor/VENDOR.json"
LOCK = ROOT / "deploy/requirements/run.txt"
PINNED = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$"
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# Names this document among all others: the same lock gives the same document, byte for byte.
NAMESPACE = uuid.UUID("6f1d6a1e-6f0c-4b52-9d0a-6a4f6c6f7a11")
Json = dict[str, Any]  # Any: JSON


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./parley sbom", description=__doc__)
    parser.add_argument("--out", type=Path, help="a file; without it, the output")
    options = parser.parse_args(arguments)
    told = json.dumps(bill(LOCK.read_text("utf-8"), VENDORED.read_text("utf-8")), indent=2) + "\n"
    if options.out:
        options.out.write_text(told, encoding="utf-8")
    else:
        sys.stdout.write(told)
    return 0


def bill(lock: str, vendored: str) -> Json:
    """A CycloneDX 1.6 document: the packages `lock` pins, and what pages bring along for browsers."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, lock + vendored)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "parley", "name": "parley"}},
        "components": [*_components(lock), *_for_browsers(vendored)],
    }


def _components(lock: str) -> Iterator[Json]:
    """Each with the digests of all its files, of which one machine installs one."""
    for name, version, marker, digests in pinned(lock):
        address = f"pkg:pypi/{name}@{version}"
        condition = [{"name": "parley:installed-when", "value": marker}] if marker else []
        files = [{"name": "parley:sha256-of-a-file", "value": one} for one in digests]
        yield {
            "type": "library",
            "bom-ref": address,
            "name": name,
            "version": version,
            "purl": address,
            "properties": [*condition, *files],
        }


def _for_browsers(vendored: str) -> Iterator[Json]:
    for one in json.loads(vendored)["packages"]:
        address = f"pkg:npm/{one['package'].replace('@', '%40')}@{one['version']}"
        digests = [
            {"name": f"parley:sha256-of-{name}", "value": digest}
            for name, digest in one["files"].items()
        ]
        yield {
            "type": "library",
            "bom-ref": address,
            "name": one["package"],
            "version": one["version"],
            "licenses": [{"license": {"id": one["licence"]}}],
            "purl": address,
            "properties": digests,
        }


def pinned(lock: str) -> Iterator[tuple[str, str, str, list[str]]]:
    """Name, version, marker and digests. Raises ValueError for a package without a digest."""
    for block in re.split(r"\n(?=[a-z0-9])", lock):
        found = PINNED.match(block.partition("\n")[0])
        if found is None:
            continue
        digests = HASH.findall(block)
        if not digests:
            raise ValueError(f"{found[1]} is locked without a digest")
        yield found[1], found[2], (found[3] or "").strip(), digests
