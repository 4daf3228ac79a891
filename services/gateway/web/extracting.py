"""Collect every string of the pages: `python -m services.gateway.web.extracting` rewrites the catalogues.

New strings come into each language empty, and are shown in English until somebody translates them.
"""

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from services.gateway.web.catalogues import FOLDER

WEB = Path(__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS: dict[str, dict[str, Any]] = {  # Any: babel's own shape
    "templates/**.html": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true"}
}


def extracted() -> Catalog:
    """Every source string, in the order of files. Reads files only."""
    found = Catalog(project="Parley", charset="utf-8", fuzzy=False)
    keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
    rows = extract_from_dir(WEB, METHODS, OPTIONS, keywords=keywords)
    for path, _line, message, _comments, context in sorted(rows, key=lambda row: (row[0], row[1])):
        found.add(message, locations=[(path, 0)], context=context)
    return found


def main() -> None:
    template = extracted()
    _write(FOLDER / "messages.pot", template)
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=path.stem)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _write(path, catalogue)


def _write(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as target:
        write_po(
            target, catalogue, width=0, sort_by_file=True, include_lineno=False, omit_header=False
        )


if __name__ == "__main__":
    main()
