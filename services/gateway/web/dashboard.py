"""Everything the pages need, built once when the gateway starts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from services.gateway.web.assets import Assets, load_assets
from services.gateway.web.catalogues import available
from services.gateway.web.languages import PSEUDO, SOURCE
from services.gateway.web.ports import (
    AccessOffice,
    Emergencies,
    Lasting,
    Oversight,
    SavedViews,
    Session,
    Upstream,
    Viewings,
    WebhookOffice,
)
from services.gateway.web.ports_jobs import JobOffice
from services.gateway.web.ports_signing_in import Passkeys, ProviderShown
from services.gateway.web.rendering import Renderer, renderer
from shared.policy import Policy
from shared.principal import Principal

SessionOf = Callable[[Request], Awaitable[Session | None]]
PlaceOf = Callable[[Request, Principal], Awaitable[str]]
SessionsOf = Callable[[Request, Principal], Awaitable[Sequence[Lasting]]]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`exercise` marks every page; `session` answers who is signed in; `place` is where the live stream
    is now for somebody, so that a page misses nothing between its making and its listening. `sessions`:
    somebody's own. `tls`: whether browsers come over TLS."""

    policy: Policy
    exercise: bool
    upstream: Upstream
    session: SessionOf
    place: PlaceOf
    assets: Assets
    renderer: Renderer
    views: SavedViews
    oversight: Oversight
    access: AccessOffice
    emergencies: Emergencies
    viewings: Viewings
    webhooks: WebhookOffice
    sessions: SessionsOf
    jobs: JobOffice
    passkeys: Passkeys
    provider: ProviderShown | None
    tls: bool = False

    def cookie(self, name: str) -> str:
        """`name` as scripts spell it, too: over TLS bound to this host."""
        return f"__Host-{name}" if self.tls else name


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the pages."""

    upstream: Upstream
    session: SessionOf
    place: PlaceOf
    views: SavedViews
    oversight: Oversight
    access: AccessOffice
    emergencies: Emergencies
    viewings: Viewings
    webhooks: WebhookOffice
    sessions: SessionsOf
    jobs: JobOffice
    passkeys: Passkeys
    provider: ProviderShown | None = None


def dashboard(policy: Policy, behind: Behind, *, exercise: bool, tls: bool = False) -> Dashboard:
    """Reads assets, templates and catalogues (about 200 ms). An exercise also offers the pseudo-language."""
    assets = load_assets(generated={"css/levels.css": _level_colours(policy)})
    wanted = [SOURCE, *(code for code in policy.languages if code != SOURCE)]
    codes = available(wanted) + ([PSEUDO] if exercise else [])
    return Dashboard(
        policy=policy,
        exercise=exercise,
        upstream=behind.upstream,
        session=behind.session,
        place=behind.place,
        assets=assets,
        renderer=renderer(codes, assets),
        views=behind.views,
        oversight=behind.oversight,
        access=behind.access,
        emergencies=behind.emergencies,
        viewings=behind.viewings,
        webhooks=behind.webhooks,
        jobs=behind.jobs,
        passkeys=behind.passkeys,
        provider=behind.provider,
        sessions=behind.sessions,
        tls=tls,
    )


def _level_colours(policy: Policy) -> bytes:
    rules = [f".level-{level.id} {{ --level: {level.colour}; }}" for level in policy.levels]
    return ("@layer tokens {\n" + "\n".join(rules) + "\n}\n").encode()
