"""Small enough to read: files, functions, and a word of purpose on each module."""

import ast

from tests.architecture.source import functions, python_files, shown, tree

LONGEST_FILE_LINES = 300
LONGEST_FUNCTION_LINES = 50


def test_no_file_is_longer_than_one_subject() -> None:
    long = [
        f"{shown(path)}: {lines} lines"
        for path in python_files()
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE_LINES
    ]
    assert long == []


def test_no_function_is_longer_than_one_idea() -> None:
    long = [
        f"{shown(path)}:{function.lineno} {function.name}"
        for path in python_files()
        for function in functions(tree(path))
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION_LINES
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        shown(path)
        for path in python_files("cli", "deploy", "services", "shared")
        if path.read_text("utf-8").strip() and ast.get_docstring(tree(path)) is None
    ]
    assert silent == []
