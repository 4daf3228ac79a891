"""Settings of the engagements service."""

from shared.settings import RemovingSettings


class EngagementsSettings(RemovingSettings):
    """Those of every service that decides and removes, and no more."""

    service: str = "engagements"
