"""Who may do what: role x action x kind, a plain table. Who may *see* what is another question (labels.py).

Beyond the table one rule holds everywhere: only the organisation that owns a record changes it; others who
may read it respond: they acknowledge, dispute, and ask for private details, which is recorded; the originator
of what is in it agrees to its release, or refuses it.
"""

from collections.abc import Iterable
from enum import StrEnum

from shared.ids import Kind


class Role(StrEnum):
    LIAISON_OFFICER = "liaison_officer"
    OPERATIONS = "operations"
    PARTNER = "partner"
    GAZETTEER_EDITOR = "gazetteer_editor"
    ACCESS_ADMINISTRATOR = "access_administrator"
    LOADER = "loader"
    WITNESS = "witness"
    DATA_PROTECTION = "data_protection"


class Action(StrEnum):
    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    RETIRE = "retire"
    RELABEL = "relabel"
    APPROVE = "approve"
    RESPOND = "respond"
    AGREE = "agree"
    ASK_REMOVAL = "ask_removal"
    REMOVE = "remove"


ALL = frozenset(Action) - {Action.APPROVE, Action.AGREE, Action.REMOVE}
APPROVING = frozenset(Action)
NOTHING: frozenset[Action] = frozenset()
READING = frozenset({Action.READ})
REMOVING = frozenset({Action.READ, Action.ASK_REMOVAL, Action.REMOVE})
DAILY_WORK = (
    Kind.ORGANISATION, Kind.PERSON, Kind.POST, Kind.ENGAGEMENT, Kind.COMMITMENT, Kind.ATTACHMENT,
)  # fmt: skip

# Who is let in, and to what. Kinds of the gateway alone; none of them is content.
ACCESS = (Kind.PARTNER, Kind.ACCOUNT, Kind.CLIENT, Kind.GLASS, Kind.VIEWING)

# Who answers for what others are shown, in the mission's own staff.
VIEWING_AS = frozenset({Role.LIAISON_OFFICER, Role.OPERATIONS, Role.ACCESS_ADMINISTRATOR})

TABLE: dict[Role, dict[Kind, frozenset[Action]]] = {
    Role.LIAISON_OFFICER: {**dict.fromkeys(DAILY_WORK, ALL), Kind.PLACE: READING},
    Role.OPERATIONS: {**dict.fromkeys(DAILY_WORK, APPROVING), Kind.PLACE: READING},
    Role.PARTNER: {**dict.fromkeys(DAILY_WORK, APPROVING), Kind.PLACE: READING},
    Role.GAZETTEER_EDITOR: {Kind.PLACE: APPROVING, Kind.ORGANISATION: READING},
    Role.ACCESS_ADMINISTRATOR: {
        **dict.fromkeys((*DAILY_WORK, Kind.PLACE), READING),
        **dict.fromkeys(ACCESS, ALL),
    },
    Role.LOADER: dict.fromkeys((*DAILY_WORK, Kind.PLACE), APPROVING - {Action.REMOVE}),
    Role.DATA_PROTECTION: dict.fromkeys(DAILY_WORK, REMOVING),
    Role.WITNESS: {},
}


def allowed(roles: Iterable[Role], action: Action, kind: Kind) -> bool:
    """Whether any of `roles` may do `action` on records of `kind`."""
    return any(action in TABLE[role].get(kind, NOTHING) for role in roles)


def may_witness(roles: Iterable[Role]) -> bool:
    """Whether any of `roles` sees signed heads. They tell how much happens, hidden or not, so it is a
    role of its own that a mission gives to whom it trusts with that."""
    return Role.WITNESS in roles


def may_view_as(roles: Iterable[Role]) -> bool:
    """Whether any of `roles` may look as others do. It shows nobody what he does not read himself."""
    return not VIEWING_AS.isdisjoint(roles)


def allowed_somewhere(roles: Iterable[Role], action: Action) -> bool:
    """Whether any of `roles` may do `action` on records of any kind."""
    return any(action in actions for role in roles for actions in TABLE[role].values())


def administers(roles: Iterable[Role]) -> bool:
    """Whether any of `roles` sees how the system itself stands: totals, hidden records counted."""
    return Role.ACCESS_ADMINISTRATOR in roles
