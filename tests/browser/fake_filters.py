"""Which records a list of the stand-in reporting holds: its filters, as far as pages use them."""

from collections.abc import Callable, Mapping

from services.gateway.web.choosing import names_of
from tests.browser.fake_commitments import OPEN, fits
from tests.browser.fake_ids import Record
from tests.browser.fake_people import refers_to

TYPE_FIELDS = ("engagement_type", "organisation_kind", "level", "direction")


def is_wanted(view: Record, query: Mapping[str, str]) -> bool:
    checks: dict[str, Callable[[str], bool]] = {
        "kind": lambda v: view["kind"] in v.split(","),
        "ids": lambda v: view["id"] in v.split(","),
        "status": lambda v: view["status"] in (OPEN if v == "open" else v.split(",")),
        "type": lambda v: any(view.get(name) in v.split(",") for name in TYPE_FIELDS),
        "q": lambda v: any(v.lower() in name for name in names_of(view)),
        "area": lambda v: (
            (view.get("place") or {}).get("area") or view.get("pcode") or ""
        ).startswith(v),
        "party": lambda v: refers_to(view, v),
        "from": lambda v: _starts(view) >= v[:10],
        "to": lambda v: _starts(view) > "" and _starts(view)[: len(v)] <= v,
        "placed": lambda v: (view.get("place") is None) == (v == "false"),
        "release_waits": lambda v: _waits(view, "waiting") == (v == "true"),
        "removal_waits": lambda v: _waits(view, "removal") == (v == "true"),
        "source_changed": lambda v: bool(view.get("extract_of")) == (v == "true"),
        "owner": lambda v: view["owner"] == v,
    }
    return fits(view, query) and all(
        checks[key](value) for key, value in query.items() if key in checks
    )


def _waits(view: Record, what: str) -> bool:
    return bool((view.get("handling") or {}).get(what))


def _starts(view: Record) -> str:
    return str(view.get("starts_at") or "")
