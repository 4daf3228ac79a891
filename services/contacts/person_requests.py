"""What partners ask of people, as commands. A bare string is in their language."""

from collections.abc import Callable, Mapping
from typing import Any

from services.contacts import person_commands as person
from services.contacts.person_content import Content
from services.contacts.requests import labels_of, text_of
from shared.api import people as api
from shared.api.common import Merge, Relabel, WithReason, as_name, as_text
from shared.batch_items import parsed
from shared.contracts.people import (
    ContactDetail,
    LanguageAssessed,
    PersonFields,
    PersonNamed,
    PersonTied,
    PrivateDetailsNoted,
    ProtocolNote,
    ProtocolNoted,
)
from shared.ids import RecordId
from shared.values import Alias, ExternalId, Text

Body = Mapping[str, Any]  # Any: JSON
Verb = Callable[[RecordId, Body, str], person.Command]

# By the last segment of the path, or the `action` of an item of a batch: id, body, caller's language.
VERBS: Mapping[str, Verb] = {
    "amend": lambda _, body, lang: amend(parsed(api.AmendPerson, body), lang),
    "rename": lambda _, body, lang: person.RenamePerson(named(parsed(api.Rename, body), lang)),
    "alias": lambda _, body, lang: person.AddPersonAlias(
        alias(parsed(api.AddPersonAlias, body).alias, lang)
    ),
    "language": lambda _, body, lang: person.AssessLanguage(
        _language(parsed(api.AssessLanguage, body))
    ),
    "tie": lambda _, body, lang: person.TiePerson(_tie(parsed(api.Tie, body))),
    "untie": lambda _, body, lang: _untie(parsed(api.Untie, body)),
    "protocol": lambda _, body, lang: person.NoteProtocol(
        _protocol(parsed(api.NoteProtocol, body).notes, lang)
    ),
    "private": lambda _, body, lang: person.NotePrivate(
        _private(parsed(api.NotePrivate, body), lang)
    ),
    "merge": lambda itself, body, lang: _merge(itself, parsed(Merge, body), lang),
    "unmerge": lambda _, body, lang: person.UnmergePerson(_reason(body, lang)),
    "retire": lambda _, body, lang: person.RetirePerson(_reason(body, lang)),
    "relabel": lambda _, body, lang: _relabel(parsed(Relabel, body), lang),
}


def register(
    body: api.PersonFields, external_ids: tuple[ExternalId, ...], language: str
) -> person.RegisterPerson:
    return person.RegisterPerson(
        _content(body, language), labels_of(body), external_ids, body.retired
    )


def amend(body: api.PersonFields, language: str) -> person.AmendPerson:
    return person.AmendPerson(_content(body, language), labels_of(body), body.retired)


def read_private(body: api.ReadPrivate, language: str) -> person.ReadPrivate:
    return person.ReadPrivate(text_of(body.reason, language))


def named(body: api.IdentityIn, language: str) -> PersonNamed:
    return PersonNamed(
        name=as_name(body.name, language),
        aliases=tuple(alias(one, language) for one in body.aliases),
        form_of_address=text_of(body.form_of_address, language),
    )


def alias(body: api.AliasIn, language: str) -> Alias:
    return Alias(
        name=as_name(body.name, language),
        alias_kind=body.alias_kind,
        transliteration=body.transliteration,
    )


def _content(body: api.PersonFields, language: str) -> Content:
    return Content(
        fields=PersonFields(
            described_as=as_text(body.described_as, language), note=text_of(body.note, language)
        ),
        named=named(body.identity, language) if body.identity else None,
        protocol=None if body.protocol is None else _protocol(body.protocol, language),
        private=_private(body.private, language) if body.private else None,
        languages=tuple(_language(one) for one in body.languages),
        ties=tuple(_tie(one) for one in body.ties),
    )


def _protocol(notes: tuple[api.ProtocolNoteIn, ...], language: str) -> ProtocolNoted:
    said = (ProtocolNote(topic=one.topic, text=as_text(one.text, language)) for one in notes)
    return ProtocolNoted(notes=tuple(said))


def _private(body: api.PrivateIn, language: str) -> PrivateDetailsNoted:
    return PrivateDetailsNoted(
        contact_details=tuple(
            ContactDetail(means=one.means, value=one.value, note=text_of(one.note, language))
            for one in body.contact_details
        ),
        private_note=text_of(body.private_note, language),
    )


def _language(body: api.LanguageIn) -> LanguageAssessed:
    return LanguageAssessed(**dict(body))


def _tie(body: api.TieIn) -> PersonTied:
    return PersonTied(**dict(body))


def _untie(body: api.Untie) -> person.UntiePerson:
    return person.UntiePerson((body.organisation_id, body.tie))


def _merge(itself: RecordId, body: Merge, language: str) -> person.MergePerson:
    return person.MergePerson(itself, body.into, text_of(body.reason, language))


def _relabel(body: Relabel, language: str) -> person.RelabelPerson:
    return person.RelabelPerson(labels_of(body), text_of(body.reason, language))


def _reason(body: Body, language: str) -> Text | None:
    return text_of(parsed(WithReason, body).reason, language)
