"""What the gateway needs to know at start."""

from shared.principal_signing import Signer, load_signer
from shared.settings import DecidingSettings

GATEWAY_KEY = "gateway.ed25519"
TOKENS_KEY = "tokens.key"


class GatewaySettings(DecidingSettings):
    contacts_url: str
    engagements_url: str
    reporting_url: str
    public_url: str
    # Where a collector inside may ask for figures without signing in; nowhere unless it is set.
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None

    @property
    def services(self) -> dict[str, str]:
        """Where each service answers, by its name."""
        return {
            "contacts": self.contacts_url,
            "engagements": self.engagements_url,
            "reporting": self.reporting_url,
        }

    @property
    def speaks_tls(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def tokens_secret(self) -> bytes:
        return self.secret(TOKENS_KEY)

    def signer(self) -> Signer:
        return load_signer(self.secrets_dir / GATEWAY_KEY, self.mission)
