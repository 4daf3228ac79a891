"""Values that events, requests and views share: text with its language, names, times, places, grades."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from shared.ids import RecordId

TEXT_LIMIT = 10_000
NAME_LIMIT = 300
WORD_LIMIT = 100
_IS_DATED = re.compile(r"\d{4}-")


def _without_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("text cannot hold the NUL character")
    return value


def _no_number(value: object) -> object:
    """A number would be taken for seconds since 1970, or for milliseconds when it is large."""
    if isinstance(value, int | float) or (isinstance(value, str) and not _IS_DATED.match(value)):
        raise ValueError("give a date and time with its zone (RFC 3339)")
    return value


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:  # an hour before the first year, or after the last
        raise ValueError("the moment lies outside the years 1 to 9999") from None


# The pattern says the same to readers of a JSON schema.
_WITHOUT_NUL = AfterValidator(_without_nul), Field(json_schema_extra={"pattern": r"^[^\u0000]*$"})
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_LIMIT), *_WITHOUT_NUL]
ShortWords = Annotated[str, StringConstraints(min_length=1, max_length=NAME_LIMIT), *_WITHOUT_NUL]
Word = Annotated[str, StringConstraints(min_length=1, max_length=WORD_LIMIT), *_WITHOUT_NUL]
Moment = Annotated[AwareDatetime, BeforeValidator(_no_number), AfterValidator(_utc)]


class Value(BaseModel):
    """Frozen, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Value):
    """Free text and the language it is in (BCP 47)."""

    text: Words
    lang: Language


class Name(Value):
    """A name as it is written: language (BCP 47) and script (ISO 15924) where known."""

    text: ShortWords
    lang: Language | None = None
    script: Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]{3}$")] | None = None


class AliasKind(StrEnum):
    """Why somebody goes by another name."""

    OTHER_NAME = "other_name"
    OTHER_SPELLING = "other_spelling"
    TRANSLITERATION = "transliteration"
    FORMER_NAME = "former_name"
    NICKNAME = "nickname"
    NOM_DE_GUERRE = "nom_de_guerre"


class Alias(Value):
    """Another name somebody goes by; `transliteration` is its Latin spelling when it is in another script."""

    name: Name
    alias_kind: AliasKind = AliasKind.OTHER_NAME
    transliteration: ShortWords | None = None


class TimePrecision(StrEnum):
    MINUTE = "minute"
    DAY = "day"


class When(Value):
    """When something happens: start and end in UTC, how exact they are, and the zone it was said in."""

    starts_at: Moment
    ends_at: Moment
    precision: TimePrecision = TimePrecision.MINUTE
    zone: Annotated[str, StringConstraints(max_length=64)] = "UTC"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at < self.starts_at:
            raise ValueError("the end lies before the start")
        return self

    @classmethod
    def lasting(cls, starts_at: datetime, minutes: int) -> "When":
        return cls(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes))


class Point(Value):
    """WGS 84, degrees."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Precision(StrEnum):
    """How exact a point is, after UCDP's `where_prec`."""

    EXACT = "exact"
    NEAR = "near"
    SETTLEMENT = "settlement"
    DISTRICT = "district"
    PROVINCE = "province"
    COUNTRY = "country"
    UNKNOWN = "unknown"


PRECISION_RADIUS_METRES = {
    Precision.EXACT: 0,
    Precision.NEAR: 1_000,
    Precision.SETTLEMENT: 5_000,
    Precision.DISTRICT: 25_000,
    Precision.PROVINCE: 100_000,
    Precision.COUNTRY: 400_000,
    Precision.UNKNOWN: 400_000,
}


class Place(Value):
    """Where: the words given, and the gazetteer's place when one matched.

    `area` is the p-code of the smallest administrative area known to hold it; `point` is the
    gazetteer's, never the exact place (that has a group of its own).
    """

    text: ShortWords
    place_id: RecordId | None = None
    area: Word | None = None
    point: Point | None = None
    precision: Precision = Precision.UNKNOWN


class Reliability(StrEnum):
    """Of the source (NATO A-F); F is unknown, not worst."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Credibility(StrEnum):
    """Of the information (NATO 1-6); 6 is unknown, not worst."""

    CONFIRMED = "1"
    PROBABLY_TRUE = "2"
    POSSIBLY_TRUE = "3"
    DOUBTFUL = "4"
    IMPROBABLE = "5"
    UNKNOWN = "6"


class Grade(Value):
    """Source and information, judged separately; F6 until somebody judges."""

    reliability: Reliability = Reliability.F
    credibility: Credibility = Credibility.UNKNOWN


class ExternalId(Value):
    """A record's id in a partner's own system, compared byte for byte."""

    system: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    id: ShortWords
