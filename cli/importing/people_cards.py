"""People from vCards. What somebody is stands apart from who it is; notes are private details."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from cli.importing.vcard import Card, Property, UnreadableCardError, cards_of
from shared.importing.identifying import checked
from shared.importing.people import body_of
from shared.importing.plan import Item, Json, Plan, Remark, UnreadableFileError, Wishes

MAPPING = (
    "identity         from UID, else a digest of the whole card",
    "name             from FN, else N; further FN and NICKNAME as aliases",
    "form_of_address  from what stands before the name in N",
    "described_as     from TITLE and ROLE",
    "organisation     from ORG, where it is registered under that external id or exactly that name",
    "private details  from TEL, EMAIL, IMPP, ADR and NOTE",
    "protocol         from LANG: how well somebody speaks it, the file does not say",
    "not used         : photos, birthdays, and whatever else the cards hold",
)
# Type of a telephone -> how it reaches somebody; the earlier one wins.
_TELEPHONES = (
    ("satellite", "satellite_phone"),
    ("x-satellite", "satellite_phone"),
    ("cell", "mobile"),
    ("fax", "other"),
    ("pager", "other"),
)
_WHERE = ("work", "home", "fax", "pager")
# A structured name and address have these parts, in this order (RFC 6350, 6.2.2).
_FAMILY, _GIVEN, _ADDITIONAL, _BEFORE, _AFTER = range(5)


def is_cards(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:11].upper() == b"BEGIN:VCARD"


def people_of_cards(content: bytes, wishes: Wishes, system: str) -> Plan:
    """Raises UnreadableFileError when the file cannot be told into cards."""
    try:
        cards = cards_of(content)
    except UnreadableCardError as wrong:
        raise UnreadableFileError(f"This is no vCard file: {wrong}") from wrong
    items, refused = list[Item](), list[Remark]()
    for card in cards:
        try:
            items.append(_of_card(card, wishes.language))
        except UnreadableCardError as wrong:
            refused.append(Remark("rejected", _row(card), "", str(wrong)))
    kept, remarks = checked(items)
    return Plan("people", wishes.system or system, MAPPING, kept, (*refused, *remarks))


def _of_card(card: Card, language: str) -> Item:
    said: dict[str, list[Property]] = {}
    for each in card.properties():
        said.setdefault(each.name, []).append(each)
    notes = "\n\n".join(one.text for one in said.get("NOTE", ()))
    body = body_of(
        _text("; ".join(_titles(said)), language),
        _identity(said, language),
        list(_details(said)),
        _text(notes, language),
    )
    if spoken := [one.text for one in said.get("LANG", ()) if one.text]:
        wish = _text(f"Languages named on the card: {', '.join(spoken)}", "en")
        body["protocol"] = [{"topic": "other", "text": wish}]
    key = next((one.text for one in said.get("UID", ()) if one.text), None)
    organisation = next((one.parts[0] for one in said.get("ORG", ())), "")
    return Item(key or _digest(card), _row(card), body, organisation=organisation)


def _identity(said: Mapping[str, list[Property]], language: str) -> Json:
    structured = next((one.parts for one in said.get("N", ())), ())
    parts = (*structured, "", "", "", "", "")
    spelled = [_name(one.text, one.language) for one in said.get("FN", ()) if one.text]
    in_order = (parts[at] for at in (_GIVEN, _ADDITIONAL, _FAMILY))
    composed = " ".join(part.replace(",", " ") for part in in_order if part)
    first, *others = spelled or [_name(composed)]
    nicknames = [name for one in said.get("NICKNAME", ()) for name in one.items]
    return {
        "name": first,
        "aliases": [
            *({"name": name, "alias_kind": "other_spelling"} for name in others),
            *({"name": {"text": name}, "alias_kind": "nickname"} for name in nicknames),
        ],
        "form_of_address": _text(parts[_BEFORE], language),
    }


def _titles(said: Mapping[str, list[Property]]) -> Iterable[str]:
    found = (one.text for name in ("TITLE", "ROLE") for one in said.get(name, ()))
    return dict.fromkeys(title for title in found if title)


def _details(said: Mapping[str, list[Property]]) -> Iterator[Json]:
    for one in said.get("TEL", ()):
        means = next((means for kind, means in _TELEPHONES if kind in one.types), "telephone")
        yield from _detail(means, one.text.removeprefix("tel:"), one)
    for one in said.get("EMAIL", ()):
        yield from _detail("email", one.text, one)
    for one in said.get("IMPP", ()):
        yield from _detail("messenger", one.text, one)
    for one in said.get("ADR", ()):
        yield from _detail("address", ", ".join(part for part in one.parts if part), one)


def _detail(means: str, value: str, said: Property) -> Iterator[Json]:
    where = [kind for kind in _WHERE if kind in said.types]
    if value:
        yield {"means": means, "value": value, "note": _text(", ".join(where), "en")}


def _text(words: str, language: str) -> Json | None:
    return {"text": words, "lang": language} if words else None


def _name(text: str, language: str = "") -> Json:
    return {"text": text, "lang": language.lower()} if language else {"text": text}


def _digest(card: Card) -> str:
    return hashlib.sha256(card.source).hexdigest()[:32]


def _row(card: Card) -> str:
    return f"line {card.line}"
