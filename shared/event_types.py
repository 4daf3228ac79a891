"""Event models by their type, what is sealed in each, and what stands in when it is erased."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from shared.contracts.event import DomainEvent, Upcast, sealed_fields
from shared.values import Name, Text

# ISO 639-2 `zxx`: no linguistic content.
ERASED_TEXT: Mapping[str, str] = {"text": "[erased]", "lang": "zxx"}


@dataclass(frozen=True, slots=True)
class EventType:
    """`validate`: makes an event of fields; the model's own, without what model_validate() asks before.

    `stand_ins`: JSON for sealed fields that must be there; None when nothing can stand in.

    `upcast`: only for the type of an older version: what makes its fields those of `model`.
    """

    model: type[DomainEvent]
    validate: Callable[..., DomainEvent]
    sealed: frozenset[str]
    optional: frozenset[str]
    stand_ins: Mapping[str, Any] | None  # Any: JSON
    upcast: Upcast | None = None

    @property
    def type(self) -> str:
        """The type that `model` is written as."""
        written: str = self.model.model_fields["type"].default
        return written

    def current(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:  # Any: JSON
        """Unsealed `fields` of any version, as `model` takes them."""
        if self.upcast is None:
            return fields
        return {**self.upcast(fields), "type": self.type}


EventTypes = Mapping[str, EventType]


def event_types(events: Any) -> EventTypes:  # Any: a union of event models has no type of its own
    """The models of a union such as `EngagementEvent`, by every type they are or were stored as."""
    models: tuple[type[DomainEvent], ...] = get_args(events) or (events,)
    shapes = [_event_type(model) for model in models]
    former = {
        type_: replace(shape, upcast=upcast)
        for shape in shapes
        for type_, upcast in shape.model.former.items()
    }
    return former | {shape.type: shape for shape in shapes}


def _event_type(model: type[DomainEvent]) -> EventType:
    sealed = sealed_fields(model)
    fields = model.model_fields
    optional = frozenset(name for name in sealed if not fields[name].is_required())
    validate = TypeAdapter(model).validator.validate_python
    return EventType(model, validate, sealed, optional, _stand_ins(fields, sealed - optional))


def _stand_ins(
    fields: Mapping[str, FieldInfo], needed: frozenset[str]
) -> Mapping[str, Any] | None:  # Any: JSON
    """A text or a name can say that it was erased; a point cannot, and must not claim to be one."""
    if any(fields[name].annotation not in (Text, Name) for name in needed):
        return None
    return dict.fromkeys(needed, ERASED_TEXT)
