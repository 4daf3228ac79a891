"""What happens out of sight: the military's own records, and the hidden parts of shared ones."""

from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote

from tests.worlds import writes
from tests.worlds.asking import Request
from tests.worlds.known import Known, kind_of, plural_of
from tests.worlds.vocabulary import EXACTLY, HIDDEN, NAMES, SYSTEMS, WORDS

Json = dict[str, Any]  # Any: JSON
HAND = "liaison-officer"
Act = Callable[[Random, Known], Request | None]


def hidden_record(chance: Random, known: Known) -> Request:
    plural = chance.choice(writes.CREATED)
    body = writes.body_of(chance, plural, chance.choice(HIDDEN), known)
    return writes.post(f"/v1/{plural}", body, chance)


def hidden_by_external_id(chance: Random, known: Known) -> Request:
    plural = chance.choice(writes.CREATED)
    system, external_id = chance.choice(SYSTEMS)
    body = writes.body_of(chance, plural, chance.choice(HIDDEN), known)
    return Request("PUT", f"/v1/{plural}/external/{system}/{quote(external_id, safe='')}", body)


def hidden_group(chance: Random, known: Known) -> Request | None:
    """A change of a group that only its writer reads, of a record that everybody does."""
    shared = [one for one in known.open_ids if kind_of(one) in ("person", "commitment")]
    if not shared:
        return None
    record_id = chance.choice(shared)
    verb, body = {
        "person": chance.choice(
            (
                ("rename", {"name": chance.choice(NAMES)}),
                ("protocol", {"notes": [{"text": f"Offers {chance.choice(WORDS)}"}]}),
                ("private", {"private_note": chance.choice(WORDS)}),
            )
        ),
        "commitment": ("assess", {"assessment": f"Will {chance.choice(WORDS)}"}),
    }[kind_of(record_id)]
    return writes.post(
        f"/v1/{plural_of(record_id)}/{record_id}/{verb}", body, chance, **{"If-Match": "*"}
    )


def hidden_exactness(chance: Random, known: Known) -> Request:
    """Another time of the same day, or place of the same district, which its writer alone reads."""
    record_id = chance.choice(sorted(known.coarse))
    when, where = chance.choice(EXACTLY)["starts_at"], chance.choice(EXACTLY)["place"]
    body = known.coarse[record_id] | {"starts_at": when, "place": where, "reason": "Better known."}
    return writes.post(f"/v1/engagements/{record_id}/amend", body, chance, **{"If-Match": "*"})


def hidden_source(chance: Random, known: Known) -> Request:
    """Something is done to a record that others read an extract of, or one more is made of it, as hidden."""
    source = chance.choice(known.sources)
    done = chance.choice(
        (("alias", {"alias": chance.choice(WORDS)}), ("mark", {"tags": ["EXERCISE"]}), None)
    )
    if done is None:
        body = writes.body_of(chance, "organisations", HIDDEN[0], known) | {"extract_of": source}
        return writes.post("/v1/organisations", body, chance)
    path = f"/v1/organisations/{source}/{done[0]}"
    return writes.post(path, done[1], chance, **{"If-Match": "*"})


ACTS: dict[Act, int] = {hidden_record: 5, hidden_by_external_id: 2, hidden_group: 4,
                         hidden_exactness: 4, hidden_source: 3}  # fmt: skip
