"""Oversight of the stand-in gateway: the real rule on a few accounts, and a log as somebody made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.explaining.foretelling import read_by
from services.gateway.explaining.previewing import Asked, preview
from services.gateway.explaining.who import readers
from services.gateway.explaining.why import in_words, portions_of, why
from shared.ids import RecordId
from shared.policy import Policy
from shared.principal import Principal
from tests.browser.fake_world import OURS, an_id

Audience = tuple[str, Sequence[str]]
Json = Mapping[str, Any]  # Any: JSON


@dataclass(frozen=True)
class FakeOversight:
    policy: Policy

    async def explained(self, principal: Principal, view: Json) -> Json:
        owns = view["owner"] == str(principal.organisation)
        portions = []
        for one in portions_of(self.policy, view):
            told: dict[str, Any] = {"group": one.group, "shown": one.label is not None}
            told |= {"label": None, "because": (), "readers": None}
            if one.label and one.effective:
                told["label"] = self.policy.wire(one.label, view["owner"])
                told["because"] = [
                    {
                        "rule": each.rule,
                        "needed": each.needed,
                        "held": each.held,
                        "detail": in_words(self.policy, each),
                    }
                    for each in why(self.policy, principal.clearance, one.label)
                ]
                found = readers([principal, *_others()], one.effective)
                counted = [{"organisation": o, "people": n} for o, n in found]
                told["readers"] = counted if owns else None
            portions.append(told)
        return {"id": view["id"], "owner": view["owner"], "portions": portions}

    async def previewed(
        self, view: Json, named: Sequence[Json], wanted: Mapping[str, Json], audience: Audience
    ) -> Json:
        return preview(self.policy, Asked(view, named, wanted, *audience), _others())

    async def extract_to_be(
        self, principal: Principal, service: str, path: str, body: Json
    ) -> Json:
        """Whatever is for others needs approval here."""
        told = {n: v for n, v in body.items() if n not in ("extract_of", "label", "type")}
        needs = {"code": "extract_needs_approval", "detail": "Ask first."}
        view = told | {
            "id": an_id("engagement", 899),
            "kind": RecordId.parse(body["extract_of"]).kind.value,
            "owner": str(principal.organisation),
            "title": body["purpose"],
            "status": "planned",
            "label": body["label"],
            "group_labels": {},
            "withheld": [],
        }
        return {"view": view, "needs": needs if body["label"]["releasable_to"] else None}

    async def read_by(
        self, view: Json, named: Sequence[Json], audiences: Sequence[Audience]
    ) -> Json:
        return read_by(self.policy, view, named, audiences, _others())

    async def seen_by(self, principal: Principal, view: Json, cursor: str | None) -> Json:
        label = {"level": "confidential", "releasable_to": [], "caveats": []}
        ways = ("page", "list") if cursor else ("read", "webhook")
        items = [
            {
                "at": f"2026-11-2{day}T08:12:00Z",
                "way": way,
                "organisation": OURS if day % 2 else an_id("organisation", 3),
                "account": f"account-{day}",
                "name": "Capt. Invented Officer" if day % 2 else None,
                "client": "person:someone",
                "viewed_as": "ngo" if day % 2 else None,
                "groups": ["base", "identity"],
                "label": label,
            }
            for day, way in enumerate(ways, start=1)
        ]
        return {"items": items, "next_cursor": None if cursor else "older"}

    async def called(self, principal: Principal, account_id: str) -> str:
        return "Capt. Invented Officer" if account_id == "user:liaison-officer" else ""


def _others() -> list[Principal]:
    ngo = RecordId.parse(an_id("organisation", 3))
    communities = frozenset({"ngo", "mission"})
    return [
        Principal("a", ngo, "person:a", communities=communities, levels={"un": 1}),
        Principal("b", ngo, "person:b", communities=communities, levels={"un": 1}),
    ]
