"""Settings every service reads from its environment (prefix `PARLEY_`), once, at creation."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from shared.key_ring import KeyRing

SECRET_BYTES = 32
# Names a folder with a file per setting (`parley_database_url`): addresses hold passwords, and an
# environment is seen by more eyes than a file.
SETTINGS_FOLDER = "PARLEY_SETTINGS_DIR"

# Part of stream names and event sources, where `.` and `_` mean something.
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
# An address with a password in it: kept out of every printed form of the settings.
Address = Annotated[str, Field(repr=False)]


class Settings(BaseSettings):
    """Read from arguments, the environment, and the files of the settings folder, in this order."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", frozen=True, extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        files = SecretsSettingsSource(settings_cls, os.environ.get(SETTINGS_FOLDER))
        return init_settings, env_settings, files


class ServiceSettings(Settings):
    """What every service needs. A service adds its own fields in `services/<x>/settings.py`."""

    service: Code
    mission: Code
    site: Code
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)]
    keystore_url: Address
    nats_url: str
    nats_seed_file: Path
    nats_ca_file: Path | None = None
    # For a cluster: on how many servers a stream is kept, and whether they sync every write.
    nats_replicas: Annotated[int, Field(ge=1, le=5)] = 1
    nats_sync_always: bool = False
    secrets_dir: Path
    policy_file: Path
    log_level: str = "info"
    # A collector that takes OTLP over HTTP, such as http://collector:4318.
    otlp_endpoint: str | None = None

    def secret(self, name: str) -> bytes:
        """The 32 bytes of a secret file. Raises ValueError or OSError when there is no such."""
        return read_secret(self.secrets_dir / name)

    @property
    def resource(self) -> dict[str, str]:
        """What its figures say they are of, in the terms of OpenTelemetry."""
        return {
            "service.name": self.service,
            "service.namespace": "parley",
            "parley.mission": self.mission,
            "parley.site": self.site,
        }

    @property
    def gateway_public_key(self) -> Path:
        return self.secrets_dir / "gateway.ed25519.pub"


class DecidingSettings(ServiceSettings):
    """A service that decides: with an event database, a command secret, and keys to seal with."""

    database_url: Address

    @property
    def command_secret(self) -> bytes:
        return self.secret(f"command-{self.service}.key")

    @property
    def wrapping(self) -> KeyRing:
        """The service's key-encryption keys."""
        return KeyRing(self.secrets_dir / f"kek-{self.service}.key")

    @property
    def heads_secret(self) -> bytes:
        """The seed of the key that signs heads."""
        return self.secret(f"heads-{self.service}.key")


class RemovingSettings(DecidingSettings):
    """A service whose records can be removed. `ledger_dir`: a folder that no restore overwrites."""

    ledger_dir: Path


def read_secret(path: Path) -> bytes:
    """32 bytes from a file of 64 hexadecimal digits."""
    secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"{path.name} does not hold {SECRET_BYTES} bytes")
    return secret
