"""The OpenAPI document as people read it: operations by subject, and the fields of every shape. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

Json = Mapping[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Field:
    """`type` in words; `leads_to`: the shape it is made of, or empty."""

    name: str
    type: str
    leads_to: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Shape:
    """`words`: the only values it may have; such a shape has no fields."""

    name: str
    about: str
    fields: tuple[Field, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What may be done with one kind of thing: (method, path, operation)."""

    name: str
    operations: tuple[tuple[str, str, Json], ...]


def subjects(api: Json) -> tuple[Subject, ...]:
    """Operations by their first tag, both in the order of the document."""
    found: dict[str, list[tuple[str, str, Json]]] = {}
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append((method, path, operation))
    return tuple(Subject(name, tuple(operations)) for name, operations in found.items())


def shapes(api: Json) -> tuple[Shape, ...]:
    """In the order of the document."""
    return tuple(_shape(name, schema) for name, schema in api["components"]["schemas"].items())


def responses(api: Json, operation: Json) -> Iterator[tuple[str, Json]]:
    """Status and answer, what is only referred to looked up."""
    for status, told in operation["responses"].items():
        named = told.get("$ref", "").rpartition("/")[2]
        yield status, api["components"]["responses"][named] if named else told


def type_of(schema: Json) -> str:
    """What a value must be, in a few words."""
    if name := shape_of(schema):
        return name + _many(schema)
    if choices := _choices(schema):
        return " or ".join(dict.fromkeys(type_of(choice) for choice in choices))
    if "enum" in schema or "const" in schema:
        return " | ".join(str(word) for word in schema.get("enum", [schema.get("const")]))
    if many := _many(schema):
        return type_of(schema.get("items") or schema.get("additionalProperties") or {}) + many
    return f"{schema.get('format', schema.get('type', 'any'))}{_bounds(schema)}"


def shape_of(schema: Json) -> str:
    """The shape that a value, or each value of a list, has; empty when it is none or one of several."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for within in ("items", "additionalProperties"):
        if isinstance(schema.get(within), dict):
            return shape_of(schema[within])
    named = [name for choice in _choices(schema) if (name := shape_of(choice))]
    return named[0] if len(named) == len(_choices(schema)) == 1 else ""


def in_code(text: str) -> Markup:
    """What stands between back-quotes, as code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def _shape(name: str, schema: Json) -> Shape:
    needed = schema.get("required", ())
    fields = tuple(
        Field(field, type_of(of), shape_of(of), field in needed, of.get("description", ""))
        for field, of in schema.get("properties", {}).items()
    )
    words = tuple(str(word) for word in schema.get("enum", ()))
    return Shape(name, schema.get("description", ""), fields, words)


def _choices(schema: Json) -> list[Json]:
    """That it may be left out is said by what is required."""
    return [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]


def _many(schema: Json) -> str:
    """How several values are held; empty for one."""
    if schema.get("type") == "array":
        return ", a list"
    return " by name" if isinstance(schema.get("additionalProperties"), dict) else ""


def _bounds(schema: Json) -> str:
    low = schema.get("minimum", schema.get("minLength", ""))
    high = schema.get("maximum", schema.get("maxLength", ""))
    if high == "":
        return ""
    unit = " characters" if schema.get("type") == "string" else ""
    return f", {low if low != '' else 0} to {high:,}{unit}"
