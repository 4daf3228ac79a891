"""What partners ask of posts, as commands. A bare string is in their language."""

from collections.abc import Callable, Mapping
from typing import Any

from services.contacts import post_commands as post
from services.contacts.requests import labels_of, text_of
from shared.api import people as api
from shared.api.common import Relabel, WithReason, as_text
from shared.batch_items import parsed
from shared.contracts.posts import PostFields
from shared.values import ExternalId, Text

Body = Mapping[str, Any]  # Any: JSON
Verb = Callable[[Body, str], post.Command]

# By the last segment of the path, or the `action` of an item of a batch: body, caller's language.
VERBS: Mapping[str, Verb] = {
    "amend": lambda body, lang: amend(parsed(api.AmendPost, body), lang),
    "take": lambda body, lang: _take(parsed(api.TakePost, body)),
    "leave": lambda body, lang: _leave(parsed(api.LeavePost, body), lang),
    "retire": lambda body, lang: post.RetirePost(_reason(body, lang)),
    "relabel": lambda body, lang: _relabel(parsed(Relabel, body), lang),
}


def create(
    body: api.PostFields, external_ids: tuple[ExternalId, ...], language: str
) -> post.CreatePost:
    return post.CreatePost(_fields(body, language), labels_of(body), external_ids, body.retired)


def amend(body: api.PostFields, language: str) -> post.AmendPost:
    return post.AmendPost(_fields(body, language), labels_of(body), body.retired)


def _fields(body: api.PostFields, language: str) -> PostFields:
    return PostFields(
        name=as_text(body.name, language),
        organisation_id=body.organisation_id,
        place_id=body.place_id,
        area=body.area,
        note=text_of(body.note, language),
    )


def _take(body: api.TakePost) -> post.TakePost:
    return post.TakePost(body.person_id, body.since, body.acting)


def _leave(body: api.LeavePost, language: str) -> post.LeavePost:
    return post.LeavePost(body.person_id, body.until, text_of(body.reason, language))


def _relabel(body: Relabel, language: str) -> post.RelabelPost:
    return post.RelabelPost(labels_of(body), text_of(body.reason, language))


def _reason(body: Body, language: str) -> Text | None:
    return text_of(parsed(WithReason, body).reason, language)
