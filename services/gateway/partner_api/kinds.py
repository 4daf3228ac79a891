"""What partners may do with each kind of record, once: routes and documents are both made from this."""

from dataclasses import dataclass

from shared.api import common, contacts, engagements
from shared.contracts import contacts as contacts_contract
from shared.contracts import engagements as engagements_contract
from shared.contracts.event import Group
from shared.ids import Kind

Request = type[common.Request]


@dataclass(frozen=True, slots=True)
class Verb:
    """Something done to a record. `unsafe`: it replaces what stands there, so If-Match is required."""

    name: str
    request: Request
    summary: str
    unsafe: bool = False


@dataclass(frozen=True, slots=True)
class KindApi:
    """`creators`: ways to make a record, by the last segment of their path ("" for the plain one)."""

    kind: Kind
    plural: str
    service: str
    creators: dict[str, Verb]
    verbs: dict[str, Verb]
    put: Request

    @property
    def groups(self) -> tuple[Group, ...]:
        return GROUPS[self.kind]


GROUPS: dict[Kind, tuple[Group, ...]] = contacts_contract.GROUPS | engagements_contract.GROUPS
_RELABEL = Verb("relabel", common.Relabel, "Change who may see it")
_RETIRE = Verb("retire", common.WithReason, "Retire it: kept, but no longer to be used")


def _by_name(*verbs: Verb) -> dict[str, Verb]:
    return {verb.name: verb for verb in verbs}


KINDS: tuple[KindApi, ...] = (
    KindApi(
        Kind.ORGANISATION,
        "organisations",
        "contacts",
        _by_name(Verb("", contacts.RegisterOrganisation, "Register an organisation")),
        _by_name(
            Verb("amend", contacts.AmendOrganisation, "Amend it as a whole", unsafe=True),
            Verb("alias", contacts.AddAlias, "Add another name it goes by"),
            _RETIRE,
            _RELABEL,
        ),
        contacts.OrganisationFields,
    ),
    KindApi(
        Kind.PLACE,
        "places",
        "contacts",
        _by_name(Verb("", contacts.RegisterPlace, "Register a place of the gazetteer")),
        _by_name(
            Verb("amend", contacts.AmendPlace, "Amend it as a whole", unsafe=True),
            _RETIRE,
            _RELABEL,
        ),
        contacts.PlaceFields,
    ),
    KindApi(
        Kind.ENGAGEMENT,
        "engagements",
        "engagements",
        _by_name(
            Verb("", engagements.PlanEngagement, "Plan or propose an engagement"),
            Verb("record_held", engagements.RecordHeld, "Record a meeting nobody planned"),
        ),
        _by_name(
            Verb("plan", engagements.Nothing, "Accept a proposed engagement"),
            Verb("confirm", engagements.Nothing, "Confirm a planned engagement"),
            Verb("hold", engagements.Hold, "Record that it was held"),
            Verb("debrief", engagements.Debrief, "Record who said what, and what came of it"),
            Verb("amend", engagements.AmendEngagement, "Amend it as a whole", unsafe=True),
            Verb("cancel", engagements.Cancel, "Cancel it"),
            _RELABEL,
        ),
        engagements.PutEngagement,
    ),
)
