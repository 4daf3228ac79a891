"""A past made at random: events about records of four kinds, one after another."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.commitments import (
    CommitmentGiven,
    CommitmentKept,
    CommitmentRelabelled,
    Direction,
    Party,
)
from shared.contracts.contacts import OrganisationMerged, OrganisationRelabelled
from shared.contracts.engagements import (
    EngagementAmended,
    EngagementConfirmed,
    EngagementRelabelled,
    EngagementType,
    ParticipantNamed,
    PlacePinned,
)
from shared.contracts.event import Group
from shared.contracts.people import PersonNamed, PersonRegistered, PersonRelabelled
from shared.ids import Kind, RecordId
from shared.labels import to_json
from shared.values import Name, Point, Text, When
from tests.service.reporting_world import (
    ALL,
    MALAKAL,
    MIL,
    NINE,
    OWNER,
    UN,
    World,
    open_to,
    planned,
    registered,
    with_organisation,
)

OWN = open_to()
LABELS = (ALL, MIL, UN, OWN)
PERSON_GROUPS = (Group.BASE, Group.IDENTITY, Group.PROTOCOL, Group.PRIVATE)


def words(text: str) -> Text:
    return Text(text=text, lang="en")


@dataclass
class Writing:
    """Random events about a growing set of records, and the moments between them."""

    world: World
    chance: random.Random
    known: dict[Kind, list[RecordId]]
    moments: list[datetime]

    async def step(self) -> None:
        kind = self.chance.choice(
            (Kind.ORGANISATION, Kind.PERSON, Kind.ENGAGEMENT, Kind.COMMITMENT)
        )
        of_kind = self.known.setdefault(kind, [])
        if len(of_kind) < 3 or self.chance.random() < 0.2:
            of_kind.append(await self.world.append(kind, *self.beginning(kind)))
        else:
            record = self.chance.choice(of_kind)
            await self.world.append(record, self.change(kind, record))
        source = "contacts" if kind in (Kind.ORGANISATION, Kind.PERSON) else "engagements"
        self.moments.append((await self.world.events(source))[-1].recorded_at)

    def beginning(self, kind: Kind) -> list[Any]:
        base, other = self.chance.choice(LABELS), self.chance.choice(LABELS)
        match kind:
            case Kind.ORGANISATION:
                return [registered(f"Relief {self.chance.random()}", base=base)]
            case Kind.PERSON:
                groups = {group: to_json(other) for group in PERSON_GROUPS}
                labels = groups | {Group.BASE: to_json(base)}
                return [PersonRegistered(described_as=words("Chief"), labels=labels), self.named()]
            case Kind.COMMITMENT:
                owing = Party(organisation_id=self.an_organisation())
                labels = {Group.BASE: to_json(base), Group.OWN_SIDE: to_json(other)}
                return [
                    CommitmentGiven(
                        direction=Direction.TO_US,
                        what=words("Grade the road"),
                        by=owing,
                        labels=labels,
                    )
                ]
            case _:
                met = with_organisation(self.an_organisation())
                return [planned(base=base, exact_place=other, identity=other, participants=met)]

    def change(self, kind: Kind, record: RecordId) -> Any:
        new = {self.chance.choice((Group.BASE, Group.BASE, self.a_group(kind))): self.a_label()}
        match kind:
            case Kind.ORGANISATION:
                other = self.an_organisation()
                merged = OrganisationMerged(into=other, labels={Group.BASE: self.a_label()})
                return merged if other != record and self.chance.random() < 0.2 else (
                    OrganisationRelabelled(labels={Group.BASE: self.a_label()})
                )  # fmt: skip
            case Kind.PERSON:
                return self.chance.choice((self.named(), PersonRelabelled(labels=new)))
            case Kind.COMMITMENT:
                kept = CommitmentKept(evidence=words("Seen"))
                return self.chance.choice((kept, CommitmentRelabelled(labels=new)))
            case _:
                spot = Point(lat=9 + self.chance.random(), lon=31.5)
                return self.chance.choice(
                    (
                        EngagementConfirmed(),
                        PlacePinned(point=spot),
                        ParticipantNamed(
                            person_id=RecordId.new(Kind.PERSON), name=Name(text="Ann")
                        ),
                        EngagementRelabelled(labels=new),
                        EngagementAmended(
                            engagement_type=EngagementType.CEREMONY,
                            purpose=words(f"Purpose {self.chance.random()}"),
                            when=When.lasting(NINE, 60),
                            place=MALAKAL,
                            participants=with_organisation(self.an_organisation()),
                            reason=words("It changed"),
                        ),
                    )
                )

    def named(self) -> PersonNamed:
        return PersonNamed(name=Name(text=f"Invented {self.chance.random()}", lang="en"))

    def an_organisation(self) -> RecordId:
        return self.chance.choice(self.known.get(Kind.ORGANISATION) or [OWNER])

    def a_label(self) -> dict[str, Any]:
        return to_json(self.chance.choice(LABELS))

    def a_group(self, kind: Kind) -> Group:
        named = {Kind.PERSON: Group.IDENTITY, Kind.ENGAGEMENT: Group.EXACT_PLACE}
        return named.get(kind, Group.BASE)
