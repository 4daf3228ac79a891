"""What is asked and told of labels and the policy they are of."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from services.gateway.partner_api.schemas_parts import Answer
from shared.api.common import Request
from shared.contracts.event import Group
from shared.ids import Kind
from shared.policy import WireLabel
from shared.stanag4774 import MAX_CHARACTERS

OneOf = Annotated[str, Field(min_length=1, max_length=64)]


class MarkingGiven(Request):
    policy: Annotated[OneOf, Field(description="Such as tlp.")]
    marking: Annotated[OneOf, Field(description="Such as TLP:AMBER+STRICT.")]


class TranslateLabel(Request):
    """A label in one way of saying it: exactly one of the three."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})
    label: WireLabel | None = None
    marking: MarkingGiven | None = None
    stanag4774: Annotated[str, Field(max_length=MAX_CHARACTERS)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.label, self.marking, self.stanag4774)) != 1:
            raise ValueError("give exactly one of label, marking and stanag4774")
        return self


class Equivalent(Answer):
    """`marking`: nothing when no marking of that policy is strict enough. `stanag4774`: the same as XML."""

    policy: str
    name: str
    marking: str | None = None
    stanag4774: str | None = None


class LabelTold(Answer):
    """One label in every way of saying it."""

    label: WireLabel
    stanag4774: Annotated[str, Field(description="originatorConfidentialityLabel, as XML.")]
    equivalents: list[Equivalent]
    left_out: Annotated[
        list[str], Field(description="What was said besides, and narrows nobody's reading.")
    ]


class LevelTold(Answer):
    id: str
    ordinal: int
    name: str
    short: str
    colour: str


class MarkingTold(Answer):
    marking: str
    stands_for: WireLabel


class MarkingsTold(Answer):
    """Another policy's markings, the most open first, and the labels they stand for here."""

    policy: str
    name: str
    version: str
    markings: list[MarkingTold]
    refused: Annotated[list[str], Field(description="What may not be kept here.")]


class PolicyTold(Answer):
    """What a label may say here, and what a record gets when its writer says nothing."""

    id: str
    version: int
    mission: str
    levels: list[LevelTold]
    communities: Mapping[str, str]
    caveats: Mapping[str, str]
    defaults: Annotated[
        Mapping[Kind, Mapping[Group, WireLabel]],
        Field(description="By kind and group; what is not listed is for its owner alone."),
    ]
    markings: list[MarkingsTold]


ANSWERS: tuple[type[Answer], ...] = (LabelTold, PolicyTold)
