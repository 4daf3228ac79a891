"""The document of the feed and the webhooks is whole, and true of what is sent."""

from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from services.gateway.partner_api.asyncapi import async_document
from services.gateway.partner_api.kinds import ATTACHMENTS, KINDS

API = async_document("https://parley.example")
MESSAGES = API["components"]["messages"]


def _references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for each in part for found in _references(each)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [found for each in part.values() for found in _references(each)]


def _at(pointer: str) -> Any:
    place: Any = API
    for step in pointer.removeprefix("#/").split("/"):
        place = place[step]
    return place


def test_every_reference_leads_somewhere() -> None:
    assert all(_at(pointer) for pointer in set(_references(API)))


def test_every_kind_is_told_of_when_it_changes_and_when_it_is_revoked() -> None:
    told = {message["name"] for message in MESSAGES.values()}
    kinds = [api.kind for api in (*KINDS, ATTACHMENTS)]
    assert {f"parley.{kind}.{what}" for kind in kinds for what in ("changed", "revoked")} <= told


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_example_is_what_its_message_says(name: str) -> None:
    message = MESSAGES[name]
    schema = message["payload"] | {"components": API["components"]}
    for example in message["examples"]:
        OAS31Validator(schema).validate(example["payload"])
