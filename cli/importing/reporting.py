"""What a person sees of an import: the mapping, a progress line, the counts, and a file of reasons."""

import csv
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from cli.importing.sending import Sent
from shared.importing.plan import Plan, Remark

WORDS = {"created": "new", "amended": "amended", "unchanged": "unchanged", "rejected": "rejected"}
STEP_SECONDS = 2.0


def show_mapping(plan: Plan, file: Path) -> None:
    print(f"{file}: {len(plan.items)} {plan.kind}, ids kept as {plan.system}")
    for line in plan.mapping:
        print(f"  {line}")
    sys.stdout.flush()


@dataclass
class Progress:
    """One line that moves on a terminal; a line now and then elsewhere."""

    total: int
    began: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def __call__(self, sent: Sent) -> None:
        line = f"  {sent.done} of {self.total}: {counted(sent.counts)}"
        if sys.stdout.isatty():
            print(f"\r{line}", end="", flush=True)
        elif time.monotonic() - self.told > STEP_SECONDS:
            self.told = time.monotonic()
            print(line, flush=True)

    def end(self, counts: Counter[str]) -> None:
        lead = "\r" if sys.stdout.isatty() else ""
        seconds = time.monotonic() - self.began
        print(f"{lead}Done in {seconds:.0f} s: {counted(counts)}", flush=True)


def counted(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[outcome]} {word}" for outcome, word in WORDS.items())


def write_reasons(path: Path, remarks: Sequence[Remark]) -> None:
    """The file is replaced; without remarks there is none."""
    if not remarks:
        path.unlink(missing_ok=True)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Remark)])
        writer.writeheader()
        writer.writerows(asdict(remark) for remark in remarks)
    kinds = Counter(remark.what for remark in remarks)
    told = ", ".join(f"{count} {what}" for what, count in sorted(kinds.items()))
    print(f"Reasons, notes and possible duplicates ({told}): {path}", flush=True)
