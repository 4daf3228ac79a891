"""Schemas of the API in the words of its documentation."""

import pytest

from services.gateway.partner_api.docs_shown import in_code, shape_of, shapes, subjects, type_of
from services.gateway.partner_api.openapi import document

LABEL = {"$ref": "#/components/schemas/WireLabel"}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (LABEL, "WireLabel"),
        ({"anyOf": [LABEL, {"type": "null"}]}, "WireLabel"),
        ({"type": "array", "items": LABEL}, "WireLabel, a list"),
        ({"type": "object", "additionalProperties": LABEL}, "WireLabel by name"),
        ({"type": "string", "maxLength": 64}, "string, 0 to 64 characters"),
        ({"type": "integer", "minimum": 1, "maximum": 500}, "integer, 1 to 500"),
        ({"type": "string", "format": "date-time"}, "date-time"),
        ({"enum": ["record"]}, "record"),
        ({}, "any"),
    ],
)
def test_a_type_is_told_in_words(schema, words):
    assert type_of(schema) == words


def test_one_of_several_shapes_leads_to_none_of_them():
    assert shape_of({"anyOf": [LABEL, {"type": "string"}]}) == ""


def test_every_operation_and_every_shape_is_shown():
    api = document("http://localhost:8080")
    shown = [operation for subject in subjects(api) for _, _, operation in subject.operations]
    assert len(shown) == sum(len(methods) for methods in api["paths"].values())
    assert [shape.name for shape in shapes(api)] == list(api["components"]["schemas"])


def test_words_of_a_description_are_shown_and_never_obeyed():
    assert in_code("`{id}` & <b>") == "<code>{id}</code> &amp; &lt;b&gt;"
