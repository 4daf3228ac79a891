"""What the load remembers between starts: the scenario's present, the logins, whether it is done."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.layout import write_private
from services.gateway.access.provision import read_lines
from shared.clock import utc_now

Line = dict[str, Any]  # Any: JSON

REMEMBERED = "demo-load.json"
DEMO = "demo.json"
ORGANISATIONS = "organisations.json"


@dataclass(frozen=True, slots=True)
class Memory:
    """`present`: the moment the story ends, fixed by the first start. `lines` by account."""

    var: Path
    present: datetime
    lines: dict[str, Line] = field(default_factory=dict, repr=False)
    done: bool = False

    def with_lines(self, lines: list[Line]) -> "Memory":
        known = replace(self, lines=self.lines | {line["id"]: line for line in lines})
        known.keep()
        return known

    def finished(self) -> "Memory":
        known = replace(self, done=True)
        known.keep()
        return known

    def keep(self) -> None:
        kept = {"present": self.present.isoformat(), "done": self.done, "lines": self.lines}
        write_private(self.var / REMEMBERED, json.dumps(kept, indent=1, ensure_ascii=False))

    def tell(self, gateway_url: str, personas: list[str], organisations: dict[str, str]) -> None:
        """Writes var/demo.json, for its owner's eyes only, and which records the organisations are."""
        told = {"gateway": gateway_url, "personas": [self.lines[each] for each in personas]}
        write_private(self.var / DEMO, json.dumps(told, indent=1, ensure_ascii=False))
        write_private(self.var / ORGANISATIONS, json.dumps(organisations, indent=1))


def remembered(var: Path) -> Memory:
    path = var / REMEMBERED
    if not path.exists():
        memory = Memory(var, utc_now().astimezone(UTC).replace(second=0, microsecond=0))
        memory.keep()
        return memory.with_lines(list(read_lines(var / DEMO).values()))
    kept = json.loads(path.read_text("utf-8"))
    return Memory(var, datetime.fromisoformat(kept["present"]), kept["lines"], kept["done"])
