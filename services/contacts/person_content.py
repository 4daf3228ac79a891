"""What a person's record holds, group by group, and how what is wanted differs from what is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.contracts.event import Group
from shared.contracts.people import (
    LanguageAssessed,
    PersonAliasAdded,
    PersonEvent,
    PersonFields,
    PersonNamed,
    PersonTied,
    PersonUntied,
    PrivateDetailsNoted,
    ProtocolNoted,
    TieKind,
)
from shared.decider import Context
from shared.errors import FieldError, InvalidError
from shared.ids import Kind, RecordId
from shared.values import Alias

Part = (
    PersonNamed
    | PersonAliasAdded
    | ProtocolNoted
    | PrivateDetailsNoted
    | LanguageAssessed
    | PersonTied
    | PersonUntied
)
TieKey = tuple[RecordId, TieKind]


@dataclass(frozen=True, slots=True)
class Content:
    """`fields` is the heart of the base group; the rest as the events that say it, or nothing."""

    fields: PersonFields
    named: PersonNamed | None = None
    protocol: ProtocolNoted | None = None
    private: PrivateDetailsNoted | None = None
    languages: tuple[LanguageAssessed, ...] = ()
    ties: tuple[PersonTied, ...] = ()


def new_parts(known: Content, wanted: Content) -> list[PersonEvent]:
    """What `wanted` says that `known` does not, as events; what it leaves out stays as it is.

    That there is nothing to note is no news of somebody of whom nothing was noted.
    """
    held = [known.protocol or ProtocolNoted(), known.private or PrivateDetailsNoted()]
    return [part for part in _parts(wanted) if part not in (*_parts(known), *held)]


def with_part(known: Content, part: Part) -> Content:
    """`known`, once `part` has happened."""
    match part:
        case PersonNamed():
            return replace(known, named=part)
        case PersonAliasAdded(alias=alias):
            return _with_alias(known, alias)
        case ProtocolNoted():
            return replace(known, protocol=part)
        case PrivateDetailsNoted():
            return replace(known, private=part)
        case LanguageAssessed(language=language):
            others = (one for one in known.languages if one.language != language)
            return replace(known, languages=(*others, part))
        case PersonTied():
            return replace(known, ties=(*_other_ties(known, key_of(part)), part))
        case PersonUntied():
            return replace(known, ties=_other_ties(known, key_of(part)))
        case _:
            assert_never(part)


def key_of(tie: PersonTied | PersonUntied) -> TieKey:
    """What tells one tie from another."""
    return tie.organisation_id, tie.tie


def aliases_of(content: Content) -> tuple[Alias, ...]:
    return content.named.aliases if content.named else ()


def touched_in(content: Content) -> dict[str, Group]:
    """Where a request with this content speaks of a group other than the base."""
    groups = {
        "/identity": (content.named, Group.IDENTITY),
        "/protocol": (content.protocol, Group.PROTOCOL),
        "/private": (content.private, Group.PRIVATE),
    }
    return {pointer: group for pointer, (part, group) in groups.items() if part}


def check_content(content: Content, known: Content | None, ctx: Context) -> None:
    """Raises InvalidError naming what is said twice, out of order, or leads nowhere."""
    wrong = [
        *_said_twice("languages", [one.language for one in content.languages]),
        *_said_twice("ties", [key_of(one) for one in content.ties]),
    ]
    for at, spoken in enumerate(content.languages):
        wrong += language_errors(f"/languages/{at}", spoken)
    for at, tie in enumerate(content.ties):
        wrong += tie_errors(f"/ties/{at}", tie, known, ctx)
    raise_for(wrong)


def language_errors(pointer: str, spoken: LanguageAssessed) -> list[FieldError]:
    return _out_of_order(f"{pointer}/expires_on", spoken.assessed_on, spoken.expires_on)


def tie_errors(
    pointer: str, tie: PersonTied, known: Content | None, ctx: Context
) -> list[FieldError]:
    """Hidden, unknown, retired and of another kind answer alike; a tie that stands may stay."""
    other = tie.organisation_id
    kept = known is not None and any(one.organisation_id == other for one in known.ties)
    usable = other.kind is Kind.ORGANISATION and other in ctx.references
    wrong = _out_of_order(f"{pointer}/until", tie.since, tie.until)
    if not (kept or usable):
        detail = "There is no such organisation."
        wrong.append(FieldError(f"{pointer}/organisation_id", "unknown_reference", detail))
    return wrong


def raise_for(wrong: Iterable[FieldError]) -> None:
    """Raises InvalidError if anything is wrong."""
    errors = tuple(wrong)
    if errors:
        raise InvalidError("Some fields are not right; nothing was changed.", errors=errors)


def _parts(content: Content) -> list[PersonEvent]:
    """Everything but the fields of the base."""
    groups = (content.named, content.protocol, content.private)
    return [*content.languages, *content.ties, *(part for part in groups if part)]


def _with_alias(known: Content, alias: Alias | None) -> Content:
    """An alias that was erased is not there, nor is one of somebody whose name was never said."""
    if alias is None or known.named is None:
        return known
    aliases = (*known.named.aliases, alias)
    return replace(known, named=known.named.model_copy(update={"aliases": aliases}))


def _other_ties(known: Content, key: TieKey) -> tuple[PersonTied, ...]:
    return tuple(one for one in known.ties if key_of(one) != key)


def _said_twice(name: str, keys: list[str] | list[TieKey]) -> Iterator[FieldError]:
    for at, key in enumerate(keys):
        if key in keys[:at]:
            yield FieldError(f"/{name}/{at}", "repeated", "This is said twice.")


def _out_of_order(pointer: str, first: date | None, last: date | None) -> list[FieldError]:
    if first and last and last < first:
        return [FieldError(pointer, "invalid", "It cannot end before it begins.")]
    return []
