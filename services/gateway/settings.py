"""What the gateway needs to know at start."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from services.gateway.webhooks.guard import Guard, guard_of
from services.gateway.webhooks.schedule import WINDOW_SECONDS
from shared.principal_signing import Signer, load_signer
from shared.settings import DecidingSettings

GATEWAY_KEY = "gateway.ed25519"
TOKENS_KEY = "tokens.key"
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
