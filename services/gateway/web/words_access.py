"""What access administration is called: families, standings, steps, what each step does, and its history."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

FAMILY: Mapping[str, str] = {
    "people": N_("People who sign in"),
    "clients": N_("Machine clients"),
    "partners": N_("Partner organisations"),
}
STANDING: Mapping[str, str] = {
    "in": N_("Let in"),
    "suspended": N_("Suspended"),
    "partner_suspended": N_("Organisation suspended"),
    "person_suspended": N_("Person suspended"),
    "no_password": N_("No password yet"),
    "no_secret": N_("No key or secret yet"),
}
GRANT: Mapping[str, str] = {
    "role": N_("Role"),
    "community": N_("Community"),
    "caveat": N_("Caveat"),
}
STEP: Mapping[str, str] = {
    "grant": N_("Grant a role, community or caveat"),
    "revoke": N_("Take back what was granted"),
    "set_level": N_("Change the highest level"),
    "amend": N_("Amend name and organisation"),
    "reset_password": N_("Give a new password"),
    "remove_passkey": N_("Take a passkey no more"),
    "link_identity": N_("Let in by a provider"),
    "unlink_identity": N_("Take a provider's word no more"),
    "add_secret": N_("Give a new secret"),
    "add_key": N_("Register a public key"),
    "end_credential": N_("End a secret or key"),
    "suspend": N_("Suspend"),
    "reinstate": N_("Let in again"),
}
NEW: Mapping[str, str] = {
    "people": N_("Enrol a person"),
    "clients": N_("Register a machine client"),
    "partners": N_("Admit an organisation"),
}
# What will happen, said before it does.
WILL: Mapping[str, str] = {
    "people.new": N_(
        "The person can be granted roles, communities and caveats afterwards. Without a "
        "password nobody signs in: give one on the next page."
    ),
    "people.grant": N_(
        "Within five seconds the person may do what the role says, or may read what is "
        "releasable to the community or bears the caveat, as far as the highest level "
        "reaches."
    ),
    "people.revoke": N_(
        "Within five seconds the person, and every machine client that acts for them, loses "
        "it: on pages, in the API, in feeds, webhooks and files."
    ),
    "people.set_level": N_(
        "Within five seconds the person may read up to this level and nothing above it. The "
        "organisation's own highest level still holds."
    ),
    "people.amend": N_(
        "The name, the sign-in name and the organisation are as below from now on. With "
        "another organisation the person reads as one of it, and no longer as one of the old."
    ),
    "people.reset_password": N_(
        "A new password is made and shown to you once. The old one stops working, and every "
        "session of the person ends."
    ),
    "people.link_identity": N_(
        "Whoever the provider says is this one signs in as this person, without a password "
        "here. No account is ever made by it."
    ),
    "people.unlink_identity": N_(
        "Nobody signs in as this person by that word any more, and every session of the person ends."
    ),
    "people.remove_passkey": N_(
        "Nobody signs in by this passkey any more, and every session of the person ends."
    ),
    "people.suspend": N_(
        "Within five seconds the person is let in nowhere: sessions end, machine clients "
        "acting for them are refused, feeds and webhooks stop. Nothing that was recorded is "
        "lost."
    ),
    "people.reinstate": N_(
        "The person may sign in again, with everything that is granted below and has not expired."
    ),
    "clients.new": N_(
        "The client acts for one person and never reads more than that person may. Without a "
        "key or secret it cannot sign in: give one on the next page."
    ),
    "clients.set_level": N_(
        "Within five seconds the client may read up to this level and nothing above it. The "
        "person's highest level still holds."
    ),
    "clients.add_secret": N_(
        "A new secret is made and shown to you once. Older secrets stop working after the "
        "hours you give."
    ),
    "clients.add_key": N_(
        "From now on the client can prove itself by this key, whose private half only its "
        "owner has. No secret is made, sent or kept."
    ),
    "clients.end_credential": N_(
        "The secret or key stops working at once. A client without any other cannot sign in."
    ),
    "clients.suspend": N_(
        "Within five seconds the client is refused everywhere; its feeds and webhooks stop. "
        "The person it acts for is not affected."
    ),
    "clients.reinstate": N_("The client is let in again with the credentials that still hold."),
    "partners.new": N_(
        "People of this organisation can be enrolled, up to the highest level you choose here."
    ),
    "partners.set_level": N_(
        "Within five seconds nobody of the organisation may read above this level, whatever "
        "their own highest level."
    ),
    "partners.suspend": N_(
        "Within five seconds nobody of the organisation is let in: neither its people nor "
        "their machine clients. Their own grants stay as they are."
    ),
    "partners.reinstate": N_(
        "People of the organisation are let in again, each as they stand themselves."
    ),
}
IDENTITY: Mapping[str, str] = {
    "subject": N_("Name the provider gives"),
    "email": N_("Address the provider has verified"),
}
CREDENTIAL: Mapping[str, str] = {"secret": N_("Secret"), "key": N_("Key")}
# What is wrong with a key, as whoever reads it says (access/client_keys.py).
KEY_REFUSED = frozenset(
    {
        N_("Give a public key as JWK or as PEM."),
        N_("This is the private half. Keep it, count it as known, and make another pair."),
        N_("Give an Ed25519 or P-256 key, or RSA of 2048 to 4096 bits with the exponent 65537."),
        N_("This key says of itself that it is for something else."),
    }
)
EXPIRING: Mapping[str, str] = {
    "7": N_("Within 7 days"),
    "30": N_("Within 30 days"),
    "90": N_("Within 90 days"),
}
EVENT: Mapping[str, str] = {
    "partner.admitted.v1": N_("Admitted"),
    "partner.ceiling_set.v1": N_("Highest level changed"),
    "partner.suspended.v1": N_("Suspended"),
    "partner.reinstated.v1": N_("Let in again"),
    "account.enrolled.v1": N_("Enrolled"),
    "account.amended.v1": N_("Amended"),
    "account.cleared.v1": N_("Highest level changed"),
    "account.granted.v1": N_("Granted"),
    "account.grant_revoked.v1": N_("Taken back"),
    "account.password_set.v1": N_("New password given"),
    "account.passkey_added.v1": N_("Passkey added"),
    "account.passkey_renamed.v1": N_("Passkey renamed"),
    "account.passkey_removed.v1": N_("Passkey removed"),
    "account.identity_linked.v1": N_("Let in by a provider"),
    "account.identity_unlinked.v1": N_("A provider's word taken no more"),
    "account.suspended.v1": N_("Suspended"),
    "account.reinstated.v1": N_("Let in again"),
    "client.registered.v1": N_("Registered"),
    "client.ceiling_set.v1": N_("Highest level changed"),
    "client.credential_added.v1": N_("Secret or key given"),
    "client.credential_ended.v1": N_("Secret or key ended"),
    "client.suspended.v1": N_("Suspended"),
    "client.reinstated.v1": N_("Let in again"),
}
FIELD: Mapping[str, str] = {
    "username": N_("Sign-in name"),
    "display_name": N_("Name"),
    "organisation_id": N_("Organisation"),
    "others_end_at": N_("Older ones end"),
    "expires_at": N_("Expires"),
}
ALL: Mapping[str, Mapping[str, str]] = {
    "access_family": FAMILY,
    "access_standing": STANDING,
    "access_grant": GRANT,
    "access_step": STEP,
    "access_new": NEW,
    "access_will": WILL,
    "access_credential": CREDENTIAL,
    "access_identity": IDENTITY,
    "access_expiring": EXPIRING,
    "event": EVENT,
    "field": FIELD,
    "filter": {
        "level": N_("Highest level"),
        "standing": N_("Standing"),
        "organisation": N_("Organisation"),
        "holds": N_("Holds"),
        "expiring": N_("A grant expires"),
        "account": N_("Acts for"),
    },
}
