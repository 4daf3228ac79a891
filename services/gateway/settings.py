"""What the gateway needs to know at start."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, model_validator

from services.gateway.oidc.addresses import is_safe
from services.gateway.web.ports_signing_in import ProviderShown
from services.gateway.webhooks.guard import Guard, guard_of
from services.gateway.webhooks.schedule import WINDOW_SECONDS
from shared.principal_signing import Signer, load_signer
from shared.settings import DecidingSettings

GATEWAY_KEY = "gateway.ed25519"
TOKENS_KEY = "tokens.key"
OIDC_SECRET = "oidc.secret"  # noqa: S105 - a file's name
# A container is given every variable, and an empty one where nobody set it.
UnlessEmpty = BeforeValidator(lambda told: told or None)


class GatewaySettings(DecidingSettings):
    contacts_url: str
    engagements_url: str
    reporting_url: str
    public_url: str
    # Where a collector inside may ask for figures without signing in; nowhere unless it is set.
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    # How many requests one client may make within a minute.
    requests_per_minute: Annotated[int, Field(ge=1)] = 12_000
    # Networks on premise that webhooks may lead to, separated by commas, such as 10.20.0.0/16.
    webhook_networks: str = ""
    # Certificates that receivers on premise are signed by.
    webhook_ca_file: Annotated[Path | None, UnlessEmpty] = None
    # How long a receiver may be away; the waits between attempts are parts of it.
    webhook_window_seconds: float = WINDOW_SECONDS

    # Passwords that leaked anywhere: lines of SHA-1 in order, as Pwned Passwords are published.
    known_passwords_file: Annotated[Path | None, UnlessEmpty] = None

    # A provider of OpenID Connect that people may sign in by; none unless its address is set.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    # What the sign-in page calls it; its host's name unless it is set.
    oidc_name: str = ""
    # Certificates that it is signed by, on premise.
    oidc_ca_file: Annotated[Path | None, UnlessEmpty] = None

    @model_validator(mode="after")
    def _check_provider(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and is_safe(self.oidc_issuer)):
            raise ValueError("a provider needs a client id, and an https address")
        return self

    @property
    def provider(self) -> ProviderShown | None:
        if not self.oidc_issuer:
            return None
        host = urlsplit(self.oidc_issuer).hostname or ""
        return ProviderShown(self.oidc_name or host, self.oidc_issuer)

    @property
    def oidc_secret(self) -> str | None:
        """What the provider knows this client by; None: it is a public client."""
        file = self.secrets_dir / OIDC_SECRET
        return file.read_text("utf-8").strip() if file.exists() else None

    @property
    def services(self) -> dict[str, str]:
        """Where each service answers, by its name."""
        return {
            "contacts": self.contacts_url,
            "engagements": self.engagements_url,
            "reporting": self.reporting_url,
        }

    @property
    def webhook_guard(self) -> Guard:
        """Raises ValueError when a network is none."""
        return guard_of(self.webhook_networks.split(","))

    @property
    def speaks_tls(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def tokens_secret(self) -> bytes:
        return self.secret(TOKENS_KEY)

    def signer(self) -> Signer:
        return load_signer(self.secrets_dir / GATEWAY_KEY, self.mission)
