"""The services whose events are read here: what can happen there, and how it is unsealed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.reporting.settings import ReportingSettings
from shared.contracts.contacts import ContactsEvent
from shared.contracts.engagements import EngagementsEvent
from shared.event_types import EventTypes, event_types
from shared.keys import readable_keys
from shared.sealing import Vault

if TYPE_CHECKING:
    import asyncpg


@dataclass(frozen=True, slots=True)
class Source:
    """One service's events."""

    service: str
    types: EventTypes
    vault: Vault


def open_sources(
    keystore: "asyncpg.Pool[asyncpg.Record]", settings: ReportingSettings
) -> tuple[Source, ...]:
    """All of them. `keystore`: a pool of the reading role of the key store."""
    return tuple(
        Source(service, types, _vault(keystore, service, types, settings))
        for service, types in (
            ("contacts", event_types(ContactsEvent)),
            ("engagements", event_types(EngagementsEvent)),
        )
    )


def _vault(
    keystore: "asyncpg.Pool[asyncpg.Record]",
    service: str,
    types: EventTypes,
    settings: ReportingSettings,
) -> Vault:
    keys = readable_keys(keystore, service, settings.wrapping(service))
    return Vault(keys, types, foreign=True)
