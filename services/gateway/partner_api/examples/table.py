"""All examples by the request they are of: a request without one cannot be described."""

from pydantic import BaseModel

from services.gateway.partner_api.examples import (
    access,
    commitments,
    contacts,
    emergency,
    engagements,
    handling,
    labelling,
    people,
)
from services.gateway.partner_api.examples.ids import Json
from services.gateway.partner_api.kinds import KindApi

EXAMPLES: dict[type[BaseModel], Json] = {
    **contacts.EXAMPLES,
    **people.EXAMPLES,
    **engagements.EXAMPLES,
    **commitments.EXAMPLES,
    **handling.EXAMPLES,
    **access.EXAMPLES,
    **emergency.EXAMPLES,
    **labelling.EXAMPLES,
}


def batch_example(api: KindApi) -> Json:
    """Two writes: a new record, and one by the partner's own id."""
    creation = EXAMPLES[api.creators[""].request]
    items: list[Json] = [{"key": "k-1", "action": "create", "body": creation}]
    if api.put:
        named = {"action": "put_external", "system": "partner", "external_id": "a-2"}
        items.append({"key": "k-2", **named, "body": EXAMPLES[api.put]})
    return {"items": items}
