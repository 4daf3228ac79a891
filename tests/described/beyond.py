"""What Schemathesis is told besides the document: loaded by its command line (running.py).

All its checks are made. One is made here in its place: what the document allows is accepted, unless it is
refused for a reason that no schema can tell. Those reasons are named below, and no others are let pass.
"""

import json
from collections.abc import Iterator
from typing import Any

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

# By code and pointer of a problem's errors, or by its own code. What is not said here is a failure.
REASONS = {
    "unknown_reference": "What a record refers to must be there, and readable.",
    "label_above_clearance": "Nobody writes what he could not read back.",
    "precondition_failed": "A version is right or wrong by what stands there.",
    "idempotency_key_reused": "Whether a key is new depends on what was sent before.",
    "This page was not given to you.": "Sealed strings are those that this very caller was given.",
    "This position was not given to you.": "As above.",
    "This feed was not given to you.": "As above.",
    "unknown_account": "A client acts for a person who is let in.",
    "unknown_partner": "People are let in for organisations that were admitted.",
    "unknown_level": "Levels are those of the mission's own policy.",
    "unknown_role": "So are roles,",
    "unknown_community": "communities",
    "unknown_caveat": "caveats",
    "unknown_audience": "and whom a label may name.",
    "Give exactly one of label, marking and stanag4774.": "As said, and null is none of them.",
    "no_rows": "What is in a file of rows no schema can tell:",
    "not_a_table": "nor how its columns are called,",
    "not_utf8": "nor in which letters,",
    "system_required": "and whose ids are in it.",
    "too_large": "A quote that is never closed makes a row too long.",
    "unknown_policy": "Whose labels are understood is the mission's policy,",
    "unknown_marking": "and so are their markings.",
    "not_a_label": "XML is described elsewhere.",
    "ending_mismatch": "What a file is, is told by what it holds.",
    "unknown_field /group_labels": "Each kind has groups of fields of its own.",
    "unknown_field /private": "Only some roles may set it.",
    "unknown_field /provisional_id": "Who is still to be found in a meeting depends on the record.",
    "label_too_late": "So does which of its groups is still without a label.",
    "invalid ?fields": "Each kind has fields of its own.",
    "invalid ?bbox": "South lies below north.",
    "in_future ?as_of": "What is not known yet depends on the clock.",
    "not_in_future /starts_at": "So does what is still to come,",
    "in_future /starts_at": "and what has not begun and cannot have been held.",
    "not_postponed /starts_at": "It depends on the record's state.",
    "required /to": "Whom it is promised to, when we promise;",
    "required /by": "who promised, when others do.",
    "not_allowed /url": "Which addresses are open is a setting of the installation.",
    "Give message_ids, or since and until.": "One of two, and an empty value is none.",
    "not_a_key": "A key is more than its spelling,",
    "unsuited_key": "and not every key is one that clients may have,",
    "key_for_another_use": "or is for what it says,",
    "private_key": "or was to be given away.",
}
UNREADABLE = "\x00\r\n"


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:  # Any: the library's own signature
    """A header with one of these reaches no application: HTTP servers refuse it (RFC 9110, 5.5)."""
    told = "".join(map(str, (case.headers or {}).values()))
    return not any(character in told for character in UNREADABLE)


@schemathesis.serializer("application/x-ndjson")
def rows(ctx: Any, value: Any) -> bytes:  # Any: as above
    """A file of rows goes out as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@schemathesis.check
def what_is_described_is_accepted(
    ctx: Any, response: Any, case: Any
) -> bool | None:  # Any: as above
    if response.status_code in (400, 412, 422) and _is_beyond(response):
        return None
    return positive_data_acceptance(ctx, response, case)


def _is_beyond(response: Any) -> bool:  # Any: the library's own
    problem = json.loads(response.content)
    named = list(_named(problem))
    return all(any(name in REASONS for name in names) for names in named) if named else False


def _named(problem: dict[str, Any]) -> Iterator[tuple[str, ...]]:  # Any: JSON
    """For each thing that is wrong, the names it may go by in REASONS."""
    for wrong in problem.get("errors", ()):
        place = "/".join(wrong["pointer"].split("/")[:2])
        yield wrong["code"], f"{wrong['code']} {place}", wrong["detail"]
    if not problem.get("errors"):
        yield problem.get("code", ""), problem.get("detail", "")
