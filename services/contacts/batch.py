"""What an item of a batch may ask of organisations and places."""

from services.contacts import requests
from services.contacts.desk import OrganisationDesk, PlaceDesk
from shared.api import contacts as api
from shared.api.batch import BatchItem
from shared.api.common import Merge, Relabel, WithReason
from shared.batch_items import Asked, Kin, parsed, unknown_action
from shared.http_commands import Accepted


async def take_organisation(desk: OrganisationDesk, asked: Asked) -> Accepted:  # noqa: C901 - one arm per action
    """Raises InvalidError for an action organisations do not know."""
    body, request = asked.item.body, asked.request
    language = request.principal.language
    match asked.item.action:
        case "create":
            return await desk.register(parsed(api.RegisterOrganisation, body), request)
        case "put_external":
            fields = parsed(api.OrganisationFields, body)
            return await desk.put(asked.external_id, fields, request)
        case "amend":
            amend = requests.amend_organisation(parsed(api.AmendOrganisation, body), language)
            return await desk.act(asked.known_id, amend, request)
        case "alias":
            alias = requests.add_alias(parsed(api.AddAlias, body), language)
            return await desk.act(asked.known_id, alias, request)
        case "merge":
            merge = requests.merge_organisation(asked.known_id, parsed(Merge, body), language)
            return await desk.act(asked.known_id, merge, request)
        case "unmerge":
            unmerge = requests.unmerge_organisation(parsed(WithReason, body), language)
            return await desk.act(asked.known_id, unmerge, request)
        case "retire":
            retire = requests.retire_organisation(parsed(WithReason, body), language)
            return await desk.act(asked.known_id, retire, request)
        case "relabel":
            relabel = requests.relabel_organisation(parsed(Relabel, body), language)
            return await desk.act(asked.known_id, relabel, request)
        case _:
            raise unknown_action()


async def take_place(desk: PlaceDesk, asked: Asked) -> Accepted:
    """Raises InvalidError for an action places do not know."""
    body, request = asked.item.body, asked.request
    language = request.principal.language
    match asked.item.action:
        case "create":
            return await desk.register(parsed(api.RegisterPlace, body), request)
        case "put_external":
            return await desk.put(asked.external_id, parsed(api.PlaceFields, body), request)
        case "amend":
            return await desk.amend(asked.known_id, parsed(api.AmendPlace, body), request)
        case "retire":
            retire = requests.retire_place(parsed(WithReason, body), language)
            return await desk.act(asked.known_id, retire, request)
        case "relabel":
            relabel = requests.relabel_place(parsed(Relabel, body), language)
            return await desk.act(asked.known_id, relabel, request)
        case _:
            raise unknown_action()


def place_kin(item: BatchItem) -> Kin:
    """A place comes after the parent whose p-code it names, when both are in one batch."""
    name, after = item.body.get("pcode"), item.body.get("parent_pcode")
    return Kin(name if isinstance(name, str) else None, after if isinstance(after, str) else None)
