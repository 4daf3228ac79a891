"""Settings of the engagements service."""

from shared.settings import DecidingSettings


class EngagementsSettings(DecidingSettings):
    """Those of every deciding service, and no more."""

    service: str = "engagements"
