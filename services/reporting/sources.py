"""The services whose events are read here: what can happen there, and how it is unsealed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.reporting.settings import ReportingSettings
from shared.coarsening import Coarse, Form
from shared.contracts.contacts import ContactsEvent
from shared.contracts.engagements import EngagementsEvent
from shared.contracts.event import Group
from shared.event_types import EventTypes, event_types
from shared.ids import Kind
from shared.keys import readable_keys
from shared.policy import load_policy
from shared.sealing import Vault

if TYPE_CHECKING:
    import asyncpg


DISTRICT_AND_DAY = Coarse({Kind.ENGAGEMENT: {Group.PLACE: Form.DISTRICT, Group.TIME: Form.DAY}})


@dataclass(frozen=True, slots=True)
class Source:
    """One service's events, and in which forms its records are told coarsely."""

    service: str
    types: EventTypes
    vault: Vault
    coarse: Coarse = DISTRICT_AND_DAY


def open_sources(
    keystore: "asyncpg.Pool[asyncpg.Record]", settings: ReportingSettings
) -> tuple[Source, ...]:
    """All of them. `keystore`: a pool of the reading role of the key store."""
    coarse = load_policy(settings.policy_file).coarse
    return tuple(
        Source(service, types, _vault(keystore, service, types, settings), coarse)
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
