"""Only the service that decides makes its events; everybody else reads them."""

import ast
from functools import cache
from pathlib import Path

from tests.architecture.source import ROOT, python_files, shown, tree

# Each file of the contract, and the service that decides what is in it.
CONTRACTS = {
    "contacts": "contacts",
    "people": "contacts",
    "posts": "contacts",
    "engagements": "engagements",
    "commitments": "engagements",
    "gateway": "gateway",
    "reads": "gateway",
    "glass": "gateway",
    "viewing": "gateway",
}


def test_only_the_owning_service_makes_its_events() -> None:
    strangers = [
        made
        for contract, owner in CONTRACTS.items()
        for path in python_files("services", "shared", "cli", "deploy")
        if not path.is_relative_to(ROOT / "services" / owner)
        if path != _contract(contract)
        for made in _makes(path, contract)
    ]
    assert strangers == []


def test_what_happens_to_records_of_every_kind_is_decided_in_one_place() -> None:
    made = [
        line
        for path in python_files("services", "shared", "cli", "deploy")
        for line in _makes(path, "records")
    ]
    assert {line.partition(":")[0] for line in made} == {
        "shared/dating.py",
        "shared/extracting.py",
        "shared/handling.py",
        "shared/releasing.py",
    }


def test_the_check_sees_an_event_that_is_made() -> None:
    code = (
        "from shared.contracts.engagements import EngagementPlanned as Planned\n"
        "event = Planned(purpose=purpose)\n"
    )
    names = _imported_events(ast.parse(code), "engagements")
    assert _calls(ast.parse(code), names) == [2]


def _contract(name: str) -> Path:
    return ROOT / "shared/contracts" / f"{name}.py"


def _makes(path: Path, contract: str) -> list[str]:
    module = tree(path)
    names = _imported_events(module, contract)
    lines = _calls(module, names) if names else []
    return [f"{shown(path)}:{line}" for line in lines]


@cache
def _events(contract: str) -> set[str]:
    """Classes of the contract that carry a literal event type."""
    return {
        node.name
        for node in ast.walk(tree(_contract(contract)))
        if isinstance(node, ast.ClassDef)
        if any(
            isinstance(line, ast.AnnAssign)
            and isinstance(line.target, ast.Name)
            and line.target.id == "type"
            for line in node.body
        )
    }


def _imported_events(module: ast.Module, contract: str) -> set[str]:
    """Under which names the module knows them."""
    events = _events(contract)
    return {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == f"shared.contracts.{contract}"
        for alias in node.names
        if alias.name in events
    }


def _calls(module: ast.Module, names: set[str]) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]
