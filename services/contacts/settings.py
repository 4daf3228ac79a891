"""Settings of the contacts service."""

from shared.settings import DecidingSettings


class ContactsSettings(DecidingSettings):
    """Those of every deciding service, and no more."""

    service: str = "contacts"
