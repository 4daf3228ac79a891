"""What is done to a webhook, for the API and for the page alike."""

import hashlib
import hmac
from datetime import timedelta

import orjson

from services.gateway.feed import cloud_events
from services.gateway.feed.changes import pull, sealed
from services.gateway.webhooks import messages, store
from services.gateway.webhooks.messages import New
from services.gateway.webhooks.outgoing import Outcome
from services.gateway.webhooks.requests import RegisterWebhook
from services.gateway.webhooks.sending import Sending
from services.gateway.webhooks.signing import Pair, new_pair, opened_pairs, sealed_pairs
from services.gateway.webhooks.store import State, Webhook
from shared.clock import utc_now
from shared.errors import InvalidError, NotFoundError, RejectedError
from shared.ids import new_bytes
from shared.principal import Principal

MOST = 20
OVERLAP = timedelta(hours=24)
CHALLENGE, PING = "parley.webhook.challenge", "parley.webhook.ping"
BY_OWNER = "owner"
CHALLENGE_BYTES = 24


async def register(
    sending: Sending, principal: Principal, client_id: str, key: str, asked: RegisterWebhook
) -> tuple[Webhook, bool]:
    """The webhook, and whether it was there before. Raises InvalidError, RejectedError."""
    pool = sending.gateway.pool
    sending.outgoing.guard.check_url(asked.url)
    webhook_id = _id(sending, client_id, key)
    digest = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
    there = await store.webhook(pool, webhook_id)
    if there is None:
        if len(await store.of_client(pool, client_id)) >= MOST:
            raise RejectedError(f"A client has at most {MOST} webhooks; delete one first.")
        await store.insert(pool, _new(sending, principal, (webhook_id, client_id, digest), asked))
    hook = await store.webhook(pool, webhook_id)
    if hook is None or hook.request_digest != digest:
        raise InvalidError(
            "This Idempotency-Key was used for another request.", code="idempotency_key_reused"
        )
    return hook, there is not None


async def activate(sending: Sending, principal: Principal, hook: Webhook) -> None:
    """Once its receiver has answered a challenge. A disabled one goes on where it stopped.

    Raises RejectedError saying what the receiver did instead.
    """
    if hook.state is State.ACTIVE:
        return
    challenge = new_bytes(CHALLENGE_BYTES).hex()
    message_id = new_bytes(16).hex()
    event = cloud_events.plain(sending.gateway, message_id, CHALLENGE)
    asked = event | {"data": {"challenge": challenge}}
    outcome = await sending.post(hook, message_id, asked, reads=True)
    if outcome.why is not None:
        raise RejectedError(
            f"The receiver did not accept the challenge: {outcome.why}.", code="not_proved"
        )
    if not _answers(outcome, challenge):
        raise RejectedError(
            'The receiver did not answer with {"challenge": ...} as it was sent.', code="not_proved"
        )
    here = (await pull(sending.gateway, principal, None)).cursor
    await store.activate(
        sending.gateway.pool, hook.webhook_id, sealed(sending.gateway, principal, here)
    )


async def activate_as_owner(sending: Sending, hook: Webhook) -> None:
    """With the rights of the client it belongs to, whoever asks. Raises NotFoundError without one."""
    owner = await sending.gateway.roll.client(hook.client_id)
    if owner is None:
        raise NotFoundError("There is no such webhook.")
    await activate(sending, owner.principal, hook)


async def disable(sending: Sending, hook: Webhook) -> None:
    if hook.state is State.ACTIVE:
        await store.disable(sending.gateway.pool, hook.webhook_id, BY_OWNER)


async def rotate(sending: Sending, hook: Webhook, key: str) -> Webhook:
    """New secrets from now on; the ones before sign beside them for a day."""
    pool, wrapping = sending.gateway.pool, sending.gateway.settings.wrapping
    by = hashlib.sha256(key.encode()).hexdigest()
    kept = opened_pairs(wrapping, hook.webhook_id, hook.secrets)[:1]
    sealed_ones = sealed_pairs(wrapping, hook.webhook_id, [new_pair(), *kept])
    await store.rotate(pool, hook.webhook_id, sealed_ones, utc_now() + OVERLAP, by)
    return await store.webhook(pool, hook.webhook_id) or hook


async def ping(sending: Sending, hook: Webhook, key: str) -> str:
    """The id of a message that means nothing, queued after all that waits. The same key, the same message."""
    _must_be_active(hook)
    message_id = _id(sending, hook.webhook_id, key)
    await messages.add(
        sending.gateway.pool, hook.webhook_id, [New(message_id, PING, None)], utc_now()
    )
    sending.gateway.wake.call()
    return message_id


def present(sending: Sending, hook: Webhook) -> Pair:
    """What it signs with now."""
    return sending.signing(hook)[0]


def _must_be_active(hook: Webhook) -> None:
    if hook.state is not State.ACTIVE:
        raise RejectedError("The webhook is not active; activate it first.")


def _new(
    sending: Sending, principal: Principal, known: tuple[str, str, str], asked: RegisterWebhook
) -> Webhook:
    webhook_id, client_id, digest = known
    return Webhook(
        webhook_id=webhook_id,
        client_id=client_id,
        subject=principal.subject,
        organisation_id=str(principal.organisation),
        url=asked.url,
        kinds=tuple(sorted({str(kind) for kind in asked.kinds})),
        include_record=asked.include is not None,
        state=State.PENDING,
        why=None,
        secrets=sealed_pairs(sending.gateway.settings.wrapping, webhook_id, [new_pair()]),
        overlap_until=None,
        rotation=None,
        request_digest=digest,
        cursor=None,
        failing_since=None,
        failures=0,
        next_at=None,
        registered_at=utc_now(),
    )


def _answers(outcome: Outcome, challenge: str) -> bool:
    try:
        told = orjson.loads(outcome.body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(told, dict) and told.get("challenge") == challenge


def _id(sending: Sending, of: str, key: str) -> str:
    """The same for the same request made again, and guessed by nobody."""
    named = b"webhook" + orjson.dumps([of, key])
    return hmac.digest(sending.gateway.secret, named, hashlib.sha256).hex()[:32]
