"""Who may do what: role x action x kind, a plain table. Who may *see* what is another question (labels.py).

Beyond the table one rule holds everywhere: only the organisation that owns a record changes it.
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


class Action(StrEnum):
    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    RETIRE = "retire"
    RELABEL = "relabel"


ALL = frozenset(Action)
NOTHING: frozenset[Action] = frozenset()

TABLE: dict[Role, dict[Kind, frozenset[Action]]] = {
    Role.LIAISON_OFFICER: {
        Kind.ORGANISATION: ALL,
        Kind.PLACE: frozenset({Action.READ}),
        Kind.ENGAGEMENT: ALL,
    },
    Role.OPERATIONS: {
        Kind.ORGANISATION: ALL,
        Kind.PLACE: frozenset({Action.READ}),
        Kind.ENGAGEMENT: ALL,
    },
    Role.PARTNER: {
        Kind.ORGANISATION: ALL,
        Kind.PLACE: frozenset({Action.READ}),
        Kind.ENGAGEMENT: ALL,
    },
    Role.GAZETTEER_EDITOR: {Kind.PLACE: ALL, Kind.ORGANISATION: frozenset({Action.READ})},
    Role.ACCESS_ADMINISTRATOR: {
        Kind.ORGANISATION: frozenset({Action.READ}),
        Kind.PLACE: frozenset({Action.READ}),
        Kind.ENGAGEMENT: frozenset({Action.READ}),
    },
    Role.LOADER: {Kind.ORGANISATION: ALL, Kind.PLACE: ALL, Kind.ENGAGEMENT: ALL},
}


def allowed(roles: Iterable[Role], action: Action, kind: Kind) -> bool:
    """Whether any of `roles` may do `action` on records of `kind`."""
    return any(action in TABLE[role].get(kind, NOTHING) for role in roles)
