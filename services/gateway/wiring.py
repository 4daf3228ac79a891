"""What the gateway's requests work with, opened when it starts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from services.gateway.access.accounts import Pool
from services.gateway.access.assertions import Assertions, open_assertions
from services.gateway.access.desk import AccessDesk
from services.gateway.access.inheriting import inheriting
from services.gateway.access.known_passwords import KnownPasswords, open_known_passwords
from services.gateway.access.opening import NoReferences, desk_of
from services.gateway.access.passwords import Passwords, open_passwords
from services.gateway.access.roll import Roll
from services.gateway.access.tokens import Tokens
from services.gateway.feed.shared_pull import SharedPulls
from services.gateway.feed.wake import Wake, open_wake
from services.gateway.oidc.provider import Provider, open_provider
from services.gateway.reads.book import noting
from services.gateway.settings import GatewaySettings
from services.gateway.upstream import Upstream, open_upstream
from shared.deciding import Deciding
from shared.ending import ended
from shared.heads_writing import HeadBook
from shared.markings import Markings, load_markings
from shared.policy import Policy, load_policy
from shared.sealed_tokens import TokenBook


@dataclass(frozen=True, slots=True)
class Gateway:
    """`secret` keys everything that is a digest: versions, event ids, form tokens."""

    settings: GatewaySettings
    policy: Policy
    markings: tuple[Markings, ...]
    pool: Pool
    upstream: Upstream
    roll: Roll
    passwords: Passwords
    known_passwords: KnownPasswords
    tokens: Tokens
    assertions: Assertions
    provider: Provider | None
    book: TokenBook
    wake: Wake
    access: AccessDesk
    heads: HeadBook
    secret: bytes
    exercise: bool
    pulls: SharedPulls = field(default_factory=SharedPulls)

    @property
    def cookie_name(self) -> str:
        """`__Host-` binds the cookie to this host and to TLS; on loopback without TLS it cannot be had."""
        return "__Host-parley" if self.settings.speaks_tls else "parley"


def gateway_of(request: HTTPConnection) -> Gateway:
    gateway: Gateway = request.app.state.gateway
    return gateway


@asynccontextmanager
async def open_gateway(settings: GatewaySettings, deciding: Deciding) -> AsyncIterator[Gateway]:
    """`deciding`: what access administration stands on.

    Raises OSError or asyncpg's errors when the database or a secret file is not there.
    """
    signer, policy = settings.signer(), load_policy(settings.policy_file)
    secret, issuer = settings.tokens_secret, settings.public_url.rstrip("/")
    async with (
        deciding.event_pool() as pool,
        open_wake(settings) as wake,
        deciding.opened(pool, NoReferences) as kit,
        noting(kit, settings.mission) as reads,
        open_upstream(signer, settings.services, policy, reads) as upstream,
        open_provider(settings) as provider,
        asyncio.TaskGroup() as group,
    ):
        access = desk_of(kit, pool)
        await access.projection.catch_up()
        running = (
            access.projection.run(),
            deciding.on_the_bus(),
            deciding.tend(),
        )
        tasks = [group.create_task(each) for each in running]
        await inheriting(access, settings.mission)
        yield Gateway(
            settings=settings,
            policy=policy,
            markings=load_markings(settings.policy_file, policy),
            pool=pool,
            upstream=upstream,
            roll=Roll(pool, policy),
            passwords=open_passwords(),
            known_passwords=open_known_passwords(settings.known_passwords_file),
            tokens=Tokens(signer.key, issuer),
            assertions=open_assertions(pool, issuer),
            provider=provider,
            book=TokenBook(secret),
            wake=wake,
            access=access,
            heads=deciding.heads,
            secret=secret,
            exercise=kit.exercise,
        )
        await ended(*tasks)
