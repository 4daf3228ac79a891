"""The rules of a partner organisation: every command in every state."""

import pytest

from services.gateway.access.partner import (
    AdmitPartner,
    ReinstatePartner,
    SetPartnerCeiling,
    SuspendPartner,
    partner,
)
from shared.contracts.gateway import PartnerAdmitted, PartnerReinstated, PartnerSuspended
from shared.ids import Kind
from shared.values import Text
from tests.unit.access_builders import ORGANISATION, WHY, a_story, labels
from tests.unit.tables import cells

NAME = Text(text="NGO forum", lang="en")
admitted = PartnerAdmitted(
    organisation_id=ORGANISATION,
    name=NAME,
    level="unclassified",
    reason=WHY,
    labels=labels(Kind.PARTNER),
)
suspended, reinstated = PartnerSuspended(reason=WHY), PartnerReinstated(reason=WHY)
STATES = {
    "absent": (),
    "admitted": (admitted,),
    "suspended": (admitted, suspended),
    "reinstated": (admitted, suspended, reinstated),
}
COMMANDS = {
    "admit": AdmitPartner(ORGANISATION, NAME, "unclassified", WHY),
    "ceiling": SetPartnerCeiling("public", WHY),
    "same ceiling": SetPartnerCeiling("unclassified", WHY),
    "suspend": SuspendPartner(WHY),
    "reinstate": ReinstatePartner(WHY),
}
TABLE = """
command      | absent   | admitted    | suspended   | reinstated
admit        | admitted | Rejected    | Rejected    | Rejected
ceiling      | NotFound | ceiling_set | ceiling_set | ceiling_set
same ceiling | NotFound | nothing     | nothing     | nothing
suspend      | NotFound | suspended   | nothing     | suspended
reinstate    | NotFound | nothing     | reinstated  | nothing
"""


@pytest.mark.parametrize(("command", "state", "expected"), cells(TABLE))
def test_every_command_in_every_state(command, state, expected):
    story = a_story(partner).given(*STATES[state])
    assert story.when(COMMANDS[command]).summary == expected


def test_a_partner_is_admitted_as_asked():
    a_story(partner).when(COMMANDS["admit"]).then(admitted)


@pytest.mark.parametrize("state", ["absent", "admitted"])
def test_a_level_the_mission_does_not_have_is_refused(state):
    asked = {
        "absent": AdmitPartner(ORGANISATION, NAME, "cosmic", WHY),
        "admitted": SetPartnerCeiling("cosmic", WHY),
    }
    story = a_story(partner).given(*STATES[state])
    story.when(asked[state]).then_names("/level", "unknown_level")
