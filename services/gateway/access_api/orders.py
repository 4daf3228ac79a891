"""What administrators ask, as orders to the desk; each family of records has its verbs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.gateway.access import account_commands as account
from services.gateway.access import client_commands as client
from services.gateway.access import partner
from services.gateway.access.administration import record_of
from services.gateway.access.client_keys import read_key
from services.gateway.access.desk import FIRST_PASSWORD_HOLDS, AccessDesk, Secret
from services.gateway.access_api import requests as api
from shared.clock import utc_now
from shared.commands_kit import Outcome
from shared.contracts.gateway import AccountFields, CredentialKind
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.values import Text


@dataclass(frozen=True, slots=True)
class Ordering:
    """One request. `record_id` None: of a record still to be made."""

    desk: AccessDesk
    request: CommandRequest
    mission: str
    record_id: RecordId

    def text(self, words: str) -> Text:
        return Text(text=words, lang=self.request.principal.language)


@dataclass(frozen=True, slots=True)
class Done:
    """`secret` is told once, to whoever asked for it; `key_id`: of a key that was given to us."""

    outcome: Outcome
    secret: Secret | None = None
    key_id: str | None = None


Order = Callable[[Ordering, api.Reasoned], Awaitable[Done]]


@dataclass(frozen=True, slots=True)
class Verb:
    """`unsafe`: overwrites what somebody else may have written, so If-Match is required."""

    model: type[api.Reasoned]
    order: Order
    summary: str
    unsafe: bool = False


async def admit(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.AdmitPartner)  # noqa: S101 - the table below says so
    record_id = record_of(Kind.PARTNER, str(body.organisation_id), o.mission)
    asked = partner.AdmitPartner(
        body.organisation_id, o.text(body.name), body.level, o.text(body.reason)
    )
    return Done(await o.desk.partner(record_id, asked, o.request))


async def enrol(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.EnrolAccount)  # noqa: S101
    record_id = o.desk.new_id(Kind.ACCOUNT, o.request)
    asked = account.EnrolAccount(str(record_id), _fields(o, body), body.level, o.text(body.reason))
    return Done(await o.desk.account(record_id, asked, o.request))


async def register(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.RegisterClient)  # noqa: S101
    record_id = o.desk.new_id(Kind.CLIENT, o.request)
    asked = client.RegisterClient(
        str(record_id), body.account_id, o.text(body.name), body.level, o.text(body.reason)
    )
    return Done(await o.desk.client(record_id, asked, o.request))


async def set_level(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.SetLevel)  # noqa: S101
    level, reason = body.level, o.text(body.reason)
    match o.record_id.kind:
        case Kind.PARTNER:
            return Done(await _partner(o, partner.SetPartnerCeiling(level, reason)))
        case Kind.ACCOUNT:
            return Done(await _account(o, account.ClearAccount(level, reason)))
        case _:
            return Done(await _client(o, client.SetClientCeiling(level, reason)))


async def suspend(o: Ordering, body: api.Reasoned) -> Done:
    reason = o.text(body.reason)
    match o.record_id.kind:
        case Kind.PARTNER:
            return Done(await _partner(o, partner.SuspendPartner(reason)))
        case Kind.ACCOUNT:
            return Done(await _account(o, account.SuspendAccount(reason)))
        case _:
            return Done(await _client(o, client.SuspendClient(reason)))


async def reinstate(o: Ordering, body: api.Reasoned) -> Done:
    reason = o.text(body.reason)
    match o.record_id.kind:
        case Kind.PARTNER:
            return Done(await _partner(o, partner.ReinstatePartner(reason)))
        case Kind.ACCOUNT:
            return Done(await _account(o, account.ReinstateAccount(reason)))
        case _:
            return Done(await _client(o, client.ReinstateClient(reason)))


async def amend(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.AmendAccount)  # noqa: S101
    asked = account.AmendAccount(_fields(o, body), o.text(body.reason))
    return Done(await _account(o, asked))


async def grant(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.GrantAccess)  # noqa: S101
    reason = o.text(body.reason)
    asked = account.GrantAccount(body.kind, body.name, reason, body.expires_at)
    return Done(await _account(o, asked))


async def revoke(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.RevokeGrant)  # noqa: S101
    return Done(await _account(o, account.RevokeGrant(body.kind, body.name, o.text(body.reason))))


async def reset_password(o: Ordering, body: api.Reasoned) -> Done:
    secret = await _kept(o, utc_now() + FIRST_PASSWORD_HOLDS)
    asked = account.SetPassword(secret.credential_id, o.text(body.reason))
    return Done(await _account(o, asked), secret)


async def remove_passkey(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.RemovePasskey)  # noqa: S101
    return Done(await _account(o, account.RemovePasskey(body.passkey_id, o.text(body.reason))))


async def link_identity(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.LinkIdentity)  # noqa: S101
    reason = o.text(body.reason)
    asked = account.LinkIdentity(body.issuer, body.kind, body.identity, reason)
    return Done(await _account(o, asked))


async def unlink_identity(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.UnlinkIdentity)  # noqa: S101
    return Done(await _account(o, account.UnlinkIdentity(body.identity_id, o.text(body.reason))))


async def add_secret(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.AddSecret)  # noqa: S101
    secret = await _kept(o)
    asked = client.AddCredential(
        CredentialKind.SECRET,
        secret.credential_id,
        o.text(body.reason),
        overlap=_overlap(body.overlap_hours),
    )
    return Done(await _client(o, asked), secret)


async def add_key(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.AddKey)  # noqa: S101
    key = read_key(body.public_key)
    asked = client.AddCredential(
        CredentialKind.KEY,
        key.id,
        o.text(body.reason),
        public_key=key.jwk,
        overlap=_overlap(body.overlap_hours),
    )
    return Done(await _client(o, asked), key_id=key.id)


async def end_credential(o: Ordering, body: api.Reasoned) -> Done:
    assert isinstance(body, api.EndCredential)  # noqa: S101
    asked = client.EndCredential(body.credential_id, o.text(body.reason))
    return Done(await _client(o, asked))


def _overlap(hours: int | None) -> timedelta | None:
    return None if hours is None else timedelta(hours=hours)


async def _kept(o: Ordering, until: datetime | None = None) -> Secret:
    secret = o.desk.new_secret(o.request)
    await o.desk.keep(secret, until)
    return secret


async def _partner(o: Ordering, command: partner.Command) -> Outcome:
    return await o.desk.partner(o.record_id, command, o.request)


async def _account(o: Ordering, command: account.Command) -> Outcome:
    return await o.desk.account(o.record_id, command, o.request)


async def _client(o: Ordering, command: client.Command) -> Outcome:
    return await o.desk.client(o.record_id, command, o.request)


def _fields(o: Ordering, body: api.AmendAccount) -> AccountFields:
    return AccountFields(
        username=body.username,
        display_name=o.text(body.display_name),
        organisation_id=body.organisation_id,
        language=body.language,
    )
