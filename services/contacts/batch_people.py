"""What an item of a batch may ask of people and posts.

Private details are not read in batches: each reading is asked for by itself.
"""

from services.contacts import person_requests, post_requests
from services.contacts.person_desk import PersonDesk
from services.contacts.post_desk import PostDesk
from shared.api import people as api
from shared.batch_items import Asked, parsed, unknown_action
from shared.http_commands import Accepted


async def take_person(desk: PersonDesk, asked: Asked) -> Accepted:
    """Raises InvalidError for an action people do not know."""
    body, request = asked.item.body, asked.request
    match asked.item.action:
        case "create":
            return await desk.register(parsed(api.RegisterPerson, body), request)
        case "put_external":
            return await desk.put(asked.external_id, parsed(api.PersonFields, body), request)
        case verb if verb in person_requests.VERBS:
            order = person_requests.VERBS[verb]
            command = order(asked.known_id, body, request.principal.language)
            return await desk.act(asked.known_id, command, request)
        case _:
            raise unknown_action()


async def take_post(desk: PostDesk, asked: Asked) -> Accepted:
    """Raises InvalidError for an action posts do not know."""
    body, request = asked.item.body, asked.request
    match asked.item.action:
        case "create":
            return await desk.create(parsed(api.CreatePost, body), request)
        case "put_external":
            return await desk.put(asked.external_id, parsed(api.PostFields, body), request)
        case verb if verb in post_requests.VERBS:
            command = post_requests.VERBS[verb](body, request.principal.language)
            return await desk.act(asked.known_id, command, request)
        case _:
            raise unknown_action()
