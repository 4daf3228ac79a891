"""What partners may do with each kind of record, once: routes and documents are both made from this."""

from dataclasses import dataclass

from services.gateway.partner_api.deprecation import Deprecation
from shared.api import commitments, common, contacts, engagements, people, releasing
from shared.contracts import contacts as contacts_contract
from shared.contracts import engagements as engagements_contract
from shared.contracts.event import Group
from shared.ids import Kind

Request = type[common.Request]


@dataclass(frozen=True, slots=True)
class Verb:
    """Something done to a record. `unsafe`: it replaces what stands there, so If-Match is required.

    `deprecated`: since when it should no longer be used, and until when it works.
    """

    name: str
    request: Request
    summary: str
    unsafe: bool = False
    deprecated: Deprecation | None = None


@dataclass(frozen=True, slots=True)
class KindApi:
    """`creators`: ways to make a record, by the last segment of their path ("" for the plain one)."""

    kind: Kind
    plural: str
    service: str
    creators: dict[str, Verb]
    verbs: dict[str, Verb]
    put: Request | None

    @property
    def groups(self) -> tuple[Group, ...]:
        return GROUPS[self.kind]


GROUPS: dict[Kind, tuple[Group, ...]] = contacts_contract.GROUPS | engagements_contract.GROUPS
# What every kind takes, whoever decides about it: shared/record_routes.py.
_HANDLING = (
    Verb("relabel", common.Relabel, "Change who may see it"),
    Verb(
        "mark", releasing.Mark, "Say how it is to be handled: tags, originator, dates", unsafe=True
    ),
    Verb("schedule", releasing.Schedule, "Say when its label changes by itself", unsafe=True),
    Verb("request_release", releasing.RequestRelease, "Ask that more people may see it"),
    Verb("agree_release", releasing.ReleaseNote, "Agree to what was asked for, as its originator"),
    Verb(
        "approve_release",
        releasing.ReleaseNote,
        "Approve the release or extract that was asked for, as a second person of the owner",
        unsafe=True,
    ),
    Verb(
        "refuse_release",
        releasing.RefuseRelease,
        "Refuse the release or extract that was asked for, as who approves or agrees",
    ),
    Verb(
        "withdraw_release", releasing.WithdrawRelease, "Ask for a release or an extract no longer"
    ),
)
_EXTRACTED = (
    *_HANDLING,
    Verb(
        "request_extract",
        releasing.RequestExtract,
        "Ask to make an extract of it that more people may see; answered as a release is",
    ),
    Verb(
        "check_extract",
        releasing.CheckExtract,
        "Say that an extract of it holds, although it has changed since",
        unsafe=True,
    ),
)
_MERGE = Verb("merge", common.Merge, "Lead to another record, which is the same")
_UNMERGE = Verb("unmerge", common.WithReason, "Undo a merger: exactly as it was before")
_RETIRE = Verb("retire", common.WithReason, "Retire it: kept, but no longer to be used")
_REMOVAL = (
    Verb(
        "ask_removal",
        common.AskRemoval,
        "Ask that all it holds be destroyed; a second person approves",
    ),
    Verb("refuse_removal", common.WithReason, "Refuse what was asked: nothing is removed"),
    Verb(
        "approve_removal",
        engagements.Nothing,
        "Approve it, as a second person of the owner: all it holds is destroyed, for good",
    ),
)


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
            _MERGE,
            _UNMERGE,
            _RETIRE,
            *_EXTRACTED,
            *_REMOVAL,
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
            *_EXTRACTED,
        ),
        contacts.PlaceFields,
    ),
    KindApi(
        Kind.PERSON,
        "people",
        "contacts",
        _by_name(Verb("", people.RegisterPerson, "Register a person")),
        _by_name(
            Verb("amend", people.AmendPerson, "Amend as a whole", unsafe=True),
            Verb(
                "rename",
                people.Rename,
                "Say who it is: name, aliases, form of address",
                unsafe=True,
            ),
            Verb("alias", people.AddPersonAlias, "Add another name somebody goes by"),
            Verb("language", people.AssessLanguage, "Say how well somebody speaks a language"),
            Verb("tie", people.Tie, "Say that somebody belongs to an organisation"),
            Verb("untie", people.Untie, "Take such a tie back"),
            Verb("protocol", people.NoteProtocol, "Note what to observe on meeting", unsafe=True),
            Verb("private", people.NotePrivate, "Note how to reach somebody", unsafe=True),
            Verb("read_private", people.ReadPrivate, "Read how to reach somebody; it is recorded"),
            _MERGE,
            _UNMERGE,
            _RETIRE,
            *_EXTRACTED,
            *_REMOVAL,
        ),
        people.PersonFields,
    ),
    KindApi(
        Kind.POST,
        "posts",
        "contacts",
        _by_name(Verb("", people.CreatePost, "Create a post")),
        _by_name(
            Verb("amend", people.AmendPost, "Amend it as a whole", unsafe=True),
            Verb("take", people.TakePost, "Say that somebody took the post"),
            Verb("leave", people.LeavePost, "Say that its holder left it"),
            _RETIRE,
            *_EXTRACTED,
            *_REMOVAL,
        ),
        people.PostFields,
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
            Verb(
                "plan",
                engagements.Plan,
                "Accept a proposed engagement, or plan a postponed one anew",
            ),
            Verb("approve", engagements.Approve, "Approve it, as a second person of the owner"),
            Verb(
                "postpone",
                engagements.Postpone,
                "Postpone it, to another time or until further notice",
            ),
            Verb("confirm", engagements.Nothing, "Confirm a planned engagement"),
            Verb("hold", engagements.Hold, "Record that it was held"),
            Verb("debrief", engagements.Debrief, "Record who said what, and what came of it"),
            Verb("amend", engagements.AmendEngagement, "Amend it as a whole", unsafe=True),
            Verb("cancel", engagements.Cancel, "Cancel it"),
            Verb("close", engagements.Close, "Close it: nothing is left to be done"),
            Verb(
                "link", engagements.LinkParticipant, "Say which registered person a participant is"
            ),
            *_EXTRACTED,
            *_REMOVAL,
        ),
        engagements.PutEngagement,
    ),
    KindApi(
        Kind.COMMITMENT,
        "commitments",
        "engagements",
        _by_name(Verb("", commitments.GiveCommitment, "Record a promise, by us or to us")),
        _by_name(
            Verb("amend", commitments.AmendCommitment, "Correct it as a whole", unsafe=True),
            Verb("accept", engagements.Nothing, "Accept it"),
            Verb("progress", commitments.NoteProgress, "Note progress"),
            Verb(
                "acknowledge",
                commitments.Acknowledge,
                "Acknowledge, as the other side, that it was kept",
            ),
            Verb("dispute", commitments.Dispute, "Dispute it; nothing is overwritten"),
            Verb("keep", commitments.Keep, "Record that it was kept"),
            Verb("break", commitments.Break, "Record that it was broken"),
            Verb("renegotiate", commitments.Renegotiate, "Record what is agreed now"),
            Verb("withdraw", commitments.Withdraw, "Withdraw it"),
            Verb("assess", commitments.Assess, "Note what our own side makes of it"),
            *_EXTRACTED,
            *_REMOVAL,
        ),
        commitments.PutCommitment,
    ),
)

# Made by sending a file (attachments.py): no creators, no batches, no external ids.
ATTACHMENTS = KindApi(
    Kind.ATTACHMENT,
    "attachments",
    "engagements",
    {},
    _by_name(
        Verb("withdraw", common.WithReason, "Withdraw it: kept, but given out no longer"),
        *_HANDLING,
        *_REMOVAL,
    ),
    None,
)
