"""Confidentiality labels in the XML of STANAG 4774 (ADatP-4774): read and written, as they are. Pure.

What a policy means by its words is not known here. A category is PERMISSIVE (any one value is enough),
RESTRICTIVE (all are needed) or INFORMATIVE (says nothing of who may read).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from shared.errors import InvalidError, invalid

NAMESPACE = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
PREFIX = "s4774"
MAX_CHARACTERS = 16_384
ROOTS = ("originatorConfidentialityLabel", "alternativeConfidentialityLabel")

ElementTree.register_namespace(PREFIX, NAMESPACE)


class CategoryType(StrEnum):
    PERMISSIVE = "PERMISSIVE"
    RESTRICTIVE = "RESTRICTIVE"
    INFORMATIVE = "INFORMATIVE"


@dataclass(frozen=True, slots=True)
class Category:
    type: CategoryType
    tag: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Confidentiality:
    policy: str
    classification: str
    categories: tuple[Category, ...]


def written(
    label: Confidentiality, created: datetime, review: datetime, *, alternative: bool = False
) -> str:
    """The label as one element. `alternative`: it says in another policy what the originator's label says."""
    root = Element(_name(ROOTS[alternative]), {"ReviewDateTime": _moment(review)})
    said = SubElement(root, _name("ConfidentialityInformation"))
    SubElement(said, _name("PolicyIdentifier")).text = label.policy
    SubElement(said, _name("Classification")).text = label.classification
    for one in label.categories:
        kind = {"Type": one.type.value, "TagName": one.tag}
        category = SubElement(said, _name("Category"), kind)
        for value in one.values:
            SubElement(category, _name("GenericValue")).text = value
    SubElement(root, _name("CreationDateTime")).text = _moment(created)
    return ElementTree.tostring(root, encoding="unicode")


def read(text: str, pointer: str) -> Confidentiality:
    """Raises InvalidError, naming the field, for what is no such label."""
    root = _root(text, pointer)
    said = root.find(_name("ConfidentialityInformation"))
    if said is None or root.tag not in map(_name, ROOTS):
        raise _wrong(pointer, "This is XML, but no confidentiality label of STANAG 4774.")
    return Confidentiality(
        policy=_text(said, "PolicyIdentifier", pointer),
        classification=_text(said, "Classification", pointer),
        categories=tuple(_categories(said.findall(_name("Category")), pointer)),
    )


def _root(text: str, pointer: str) -> Element:
    if len(text) > MAX_CHARACTERS:
        raise _wrong(pointer, f"A label has at most {MAX_CHARACTERS:,} characters.")
    # Entities, which could grow without end or reach for files, are declared there and nowhere else.
    if "<!DOCTYPE" in text:
        raise _wrong(pointer, "A label has no document type.")
    try:
        return ElementTree.fromstring(text)  # noqa: S314 - without a document type there are no entities
    except (ElementTree.ParseError, ValueError):
        raise _wrong(pointer, "This is not well-formed XML.") from None


def _categories(found: Iterable[Element], pointer: str) -> Iterable[Category]:
    for one in found:
        kind, values = one.get("Type", ""), one.findall(_name("GenericValue"))
        if kind not in CategoryType.__members__ or not values or len(values) != len(one):
            raise _wrong(pointer, "A category has a type that is known, and generic values only.")
        words = tuple((value.text or "").strip() for value in values)
        yield Category(CategoryType(kind), one.get("TagName", "").strip(), words)


def _text(within: Element, name: str, pointer: str) -> str:
    text = (within.findtext(_name(name)) or "").strip()
    if not text:
        raise _wrong(pointer, f"The label has no {name}.")
    return text


def _wrong(pointer: str, told: str) -> InvalidError:
    return invalid(pointer, "not_a_label", told)


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")
