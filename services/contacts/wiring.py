"""How the contacts service is put together: what routes may ask for."""

from typing import Annotated

from fastapi import Depends, Request, Response

from services.contacts.desk import OrganisationDesk, PlaceDesk
from services.contacts.person_desk import PersonDesk
from services.contacts.post_desk import PostDesk
from shared.http_commands import Accepted, status_of


def organisation_desk(request: Request) -> OrganisationDesk:
    desk: OrganisationDesk = request.app.state.organisation_desk
    return desk


def place_desk(request: Request) -> PlaceDesk:
    desk: PlaceDesk = request.app.state.place_desk
    return desk


def person_desk(request: Request) -> PersonDesk:
    desk: PersonDesk = request.app.state.person_desk
    return desk


def post_desk(request: Request) -> PostDesk:
    desk: PostDesk = request.app.state.post_desk
    return desk


Organisations = Annotated[OrganisationDesk, Depends(organisation_desk)]
Places = Annotated[PlaceDesk, Depends(place_desk)]
People = Annotated[PersonDesk, Depends(person_desk)]
Posts = Annotated[PostDesk, Depends(post_desk)]


def answered(accepted: Accepted, response: Response) -> Accepted:
    """The answer, with the status that fits it."""
    response.status_code = status_of(accepted)
    return accepted
