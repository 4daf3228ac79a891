"""People and their clients as a file names them, for an exercise or a first start."""

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.ids import Kind, RecordId
from shared.roles import Role


class Persona(BaseModel):
    """One person and one machine client acting for him. `organisation`: a record id, or a key for one."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
    name: str
    organisation: str
    roles: tuple[Role, ...] = ()
    communities: tuple[str, ...] = ()
    level: str
    caveats: tuple[str, ...] = ()
    username: str
    language: str = "en"
    client_level: str | None = None

    @property
    def client_id(self) -> str:
        return f"{self.id}-client"


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore")
    personas: tuple[Persona, ...]


def read_personas(path: Path) -> tuple[Persona, ...]:
    """Raises OSError, or ValueError naming what is wrong with the file."""
    return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).personas


def organisation_id(key: str, mission: str, known: Mapping[str, str]) -> RecordId:
    """The record the person acts for: given by id, by `known` key, else one made from the key itself."""
    spelled = known.get(key, key)
    try:
        return RecordId.parse(spelled)
    except ValueError:
        digest = hashlib.sha256(f"parley organisation\n{mission}\n{key}".encode()).digest()
        return RecordId(Kind.ORGANISATION, UUID(bytes=digest[:16]))
