"""The three families of access records, and what may be asked of each: routes and OpenAPI come from here."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.gateway.access_api import orders
from services.gateway.access_api import requests as api
from services.gateway.access_api.orders import Verb
from shared.ids import Kind


@dataclass(frozen=True, slots=True)
class Family:
    """`table` and `named`: where rows are, and the columns `q` looks into."""

    plural: str
    kind: Kind
    table: str
    named: tuple[str, ...]
    create: Verb
    verbs: Mapping[str, Verb]


STANDING = {
    "suspend": Verb(api.Reasoned, orders.suspend, "Let nobody in by it any more"),
    "reinstate": Verb(api.Reasoned, orders.reinstate, "Let them in again"),
}
CEILING = Verb(api.SetLevel, orders.set_level, "Set the highest level it gives")

PARTNERS = Family(
    "partners",
    Kind.PARTNER,
    "access_partners",
    ("name", "organisation_id"),
    Verb(api.AdmitPartner, orders.admit, "Admit an organisation"),
    {"set_level": CEILING, **STANDING},
)
PEOPLE = Family(
    "people",
    Kind.ACCOUNT,
    "access_accounts",
    ("username", "display_name", "account_id", "organisation_id"),
    Verb(api.EnrolAccount, orders.enrol, "Enrol a person"),
    {
        "amend": Verb(api.AmendAccount, orders.amend, "Amend name and organisation", unsafe=True),
        "set_level": CEILING,
        "grant": Verb(api.GrantAccess, orders.grant, "Grant a role, community or caveat"),
        "revoke": Verb(api.RevokeGrant, orders.revoke, "Take a grant back"),
        "remove_passkey": Verb(
            api.RemovePasskey, orders.remove_passkey, "Let nobody in by a passkey any more"
        ),
        "link_identity": Verb(
            api.LinkIdentity, orders.link_identity, "Let somebody in by a provider's word"
        ),
        "unlink_identity": Verb(
            api.UnlinkIdentity, orders.unlink_identity, "Let nobody in by that word any more"
        ),
        "reset_password": Verb(api.Reasoned, orders.reset_password, "Give a new password"),
        **STANDING,
    },
)
CLIENTS = Family(
    "clients",
    Kind.CLIENT,
    "access_clients",
    ("name", "client_id", "account_id"),
    Verb(api.RegisterClient, orders.register, "Register a machine client"),
    {
        "set_level": CEILING,
        "add_secret": Verb(api.AddSecret, orders.add_secret, "Give a new secret"),
        "add_key": Verb(api.AddKey, orders.add_key, "Register a public key"),
        "end_credential": Verb(api.EndCredential, orders.end_credential, "End a secret or key"),
        **STANDING,
    },
)
FAMILIES = (PEOPLE, CLIENTS, PARTNERS)
