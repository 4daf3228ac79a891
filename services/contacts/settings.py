"""Settings of the contacts service."""

from shared.settings import RemovingSettings


class ContactsSettings(RemovingSettings):
    """Those of every service that decides and removes, and no more."""

    service: str = "contacts"
