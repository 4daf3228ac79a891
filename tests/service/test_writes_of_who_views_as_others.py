"""Nobody writes as somebody else: services refuse it before they look at what is asked."""

from dataclasses import replace
from typing import Any

import pytest

from shared.ids import RecordId
from shared.roles import Role
from tests.service.deciding_world import Caller
from tests.service.engagement_world import Gazette
from tests.service.test_engagements_attachments import PDF
from tests.service.test_engagements_commitments import a_promise

HIDDEN = "organisation_00000000000000000000000009"
ORDERS: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/organisations", {"name": "River Aid"}),
    ("POST", "/organisations", {"colour": "blue"}),
    ("POST", "/organisations/batch", {"items": [{"key": "k", "body": {"name": "River Aid"}}]}),
    ("PUT", "/organisations/external/c2/A-1", {"name": "River Aid"}),
    ("POST", f"/organisations/{HIDDEN}/retire", {}),
    ("POST", f"/people/{HIDDEN}/read_private", {}),
)


def viewing(line: Caller) -> Caller:
    """As others, and with every role all the same: it is not for want of one that he is refused."""
    return replace(
        line, principal=replace(line.principal, viewer=line.principal, roles=frozenset(Role))
    )


@pytest.mark.parametrize(("method", "path", "body"), ORDERS)
async def test_whatever_is_ordered_is_refused_alike(contacts: Caller, method, path, body) -> None:
    answer = await viewing(contacts)._send(method, path, body, None)
    assert (answer.status, answer.json["code"]) == (403, "viewing_as")


async def test_nothing_of_it_is_kept(contacts: Caller, installed) -> None:
    made = await contacts.post("/organisations", {"name": "River Aid"})
    refused = await viewing(contacts).post(f"/organisations/{made.id}/retire", {})
    assert refused.status == 403
    assert await installed.events("contacts", made.id) == ["registered"]


async def test_files_are_given_out_where_both_read_them_and_taken_from_nobody(
    contacts: Caller, engagements: Caller
) -> None:
    organisation, ours = await Gazette(contacts, engagements).organisation()
    made = await ours.post("/commitments", a_promise(organisation))
    await ours.until_ready()
    at = f"/commitments/{made.id}/attachments?name=Note.pdf&declared=application/pdf"
    taken = await ours.upload(at, PDF)
    assert taken.status == 201, taken.json
    path, reader = f"/attachments/{taken.id}/content", viewing(ours)
    assert await reader.download(path) == (200, PDF)
    stranger = reader.but(communities=frozenset(), organisation=RecordId.parse(HIDDEN))
    assert (await stranger.download(path))[0] == 404
    refused = await reader.upload(at, PDF)
    assert (refused.status, refused.json["code"]) == (403, "viewing_as")
