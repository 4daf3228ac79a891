"""Whose account it is that a provider speaks of: by its own name for the person, and at first by an address.

An address can be given to somebody else, so it brings in once: from then on the person is known by the name
that the provider gives to nobody else (OpenID Connect Core 1.0, 5.7).
"""

from services.gateway.access.account_commands import RecogniseIdentity
from services.gateway.access.accounts import Account, account_linked
from services.gateway.access.administration import in_office
from services.gateway.access.identities import identity_id
from services.gateway.access.roll import known_as
from services.gateway.oidc.errors import UnknownIdentityError
from services.gateway.oidc.id_tokens import Said
from services.gateway.wiring import Gateway
from shared import trace
from shared.contracts.gateway import IdentityKind
from shared.errors import RejectedError
from shared.idempotency import CommandRequest
from shared.ids import RecordId, new_bytes
from shared.values import Text

KEY_BYTES = 16
_RECORD = "select record_id from access_accounts where account_id = $1"
WHY = "Came by an address the provider had verified."


async def recognised(gateway: Gateway, issuer: str, said: Said) -> Account:
    """Whose account a security officer has linked to it; none is ever made. Raises UnknownIdentityError."""
    named = identity_id(issuer, IdentityKind.SUBJECT, said.subject)
    if known := await account_linked(gateway.pool, named):
        return known
    invited = identity_id(issuer, IdentityKind.EMAIL, said.email or "")
    if said.email and (found := await account_linked(gateway.pool, invited)):
        await _remember(gateway, found, issuer, said.subject)
        return found
    raise UnknownIdentityError("nobody here")


async def _remember(gateway: Gateway, account: Account, issuer: str, subject: str) -> None:
    """Raises UnknownIdentityError when somebody else came by this address before."""
    policy, mission = gateway.policy, gateway.settings.mission
    known = known_as(account, policy)
    if known is None:
        raise UnknownIdentityError("nobody here")
    request = CommandRequest(
        principal=in_office(known.principal, policy, mission),
        idempotency_key=new_bytes(KEY_BYTES).hex(),
        route="sign-in by a provider",
        digest=b"",
        traceparent=str(trace.current() or trace.new_trace()),
    )
    record_id = RecordId.parse(await gateway.pool.fetchval(_RECORD, account.account_id))
    command = RecogniseIdentity(issuer, subject, Text(text=WHY, lang="en"))
    try:
        await gateway.access.account(record_id, command, request)
    except RejectedError as refused:
        raise UnknownIdentityError("the address is another's now") from refused
