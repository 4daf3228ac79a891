"""Every operation has an example of what it takes and of what it answers, and each is true to its schema."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from pydantic import BaseModel
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from services.gateway.partner_api.examples.table import EXAMPLES, batch_example
from services.gateway.partner_api.kinds import KINDS
from services.gateway.partner_api.openapi import document
from shared.api.batch import Batch

API: Any = json.loads(json.dumps(document("http://localhost:1")))  # Any: JSON
AT = "https://parley.example/openapi.json"
ROOT = Registry().with_resource(AT, DRAFT202012.create_resource(API))
OPERATIONS = {o["operationId"]: o for methods in API["paths"].values() for o in methods.values()}
SUCCESS = "2"


def contents(operation: Any) -> Iterator[Any]:
    """Whatever JSON an operation takes, or answers when all is well."""
    told = [operation.get("requestBody", {})]
    told += [a for status, a in operation["responses"].items() if status.startswith(SUCCESS)]
    for one in told:
        yield from (held for kind, held in one.get("content", {}).items() if "json" in kind)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_what_an_operation_takes_and_answers_is_shown_truly(name: str) -> None:
    for held in contents(OPERATIONS[name]):
        schema = held["schema"]
        [example] = [held["example"]] if "example" in held else schema["examples"]
        absolute = json.loads(json.dumps(schema).replace('"#/', f'"{AT}#/'))
        OAS31Validator(absolute, registry=ROOT).validate(example)


@pytest.mark.parametrize("model", EXAMPLES, ids=lambda model: model.__name__)
def test_every_example_is_accepted_by_its_own_request(model: type[BaseModel]) -> None:
    model.model_validate_json(json.dumps(EXAMPLES[model]))


@pytest.mark.parametrize("api", KINDS, ids=lambda api: api.plural)
def test_every_example_of_a_batch_is_accepted(api: Any) -> None:
    Batch.model_validate_json(json.dumps(batch_example(api)))
