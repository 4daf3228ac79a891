"""The project's own Python files, for tests that read code."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("cli", "deploy", "services", "shared", "tests")
SERVICES = ("contacts", "engagements", "reporting", "gateway")


def python_files(*folders: str) -> list[Path]:
    """All of them in `folders` (by default everywhere), in order."""
    return sorted(
        path
        for folder in folders or FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    )


@cache
def tree(path: Path) -> ast.Module:
    """Parsed once; nobody may change it."""
    return ast.parse(path.read_text("utf-8"), str(path))


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
