"""The services behind the gateway as the pages see them: fixed records, the real label rule."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from shared.errors import BusyError, NotFoundError, invalid
from shared.ids import RecordId
from shared.labels import Label, join, reads
from shared.policy import Policy, WireLabel
from shared.principal import Principal
from tests.browser.fake_backbone import standing
from tests.browser.fake_commitments import edges_of, overlapping, suggested
from tests.browser.fake_dates import dated
from tests.browser.fake_filters import is_wanted
from tests.browser.fake_people import carried_out, goes_by
from tests.browser.fake_releases import extracts_of, released
from tests.browser.fake_removals import progress_of, progress_of_all, removal_ordered
from tests.browser.fake_work import attached, worked
from tests.browser.fake_world import NOW, Record, an_id, point_of, world


@dataclass
class Answer:
    status: int
    body: Mapping[str, Any]  # Any: JSON


@dataclass
class FakeUpstream:
    """`down` names services that do not answer. `sent` keeps the commands."""

    policy: Policy
    records: dict[str, Record] = field(default_factory=world)
    down: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    looks: int = 0
    answered: dict[str, Answer] = field(default_factory=dict)
    sent: list[tuple[str, str, Mapping[str, Any], Mapping[str, str]]] = field(default_factory=list)
    joined: dict[bytes, dict[str, Label]] = field(default_factory=dict)

    async def get(
        self, service: str, path: str, params: Mapping[str, str], principal: Principal
    ) -> dict[str, Any]:
        if service in self.down or path in self.down:
            raise BusyError("not now")
        if path == "/internal/status":
            self.looks += 1
            return standing(service, self.looks)
        match path.strip("/").split("/"):
            case ["records"]:
                return self._list(params, principal)
            case ["records", record_id]:
                return self._view(record_id, principal)
            case ["records", record_id, "history"]:
                return self._history(self._view(record_id, principal))
            case ["summary"]:
                return self._summary(principal)
            case ["map"]:
                return self._map(params, principal)
        return self._beside(path, params, principal)

    def _beside(self, path: str, params: Mapping[str, str], principal: Principal) -> dict[str, Any]:
        match path.strip("/").split("/"):
            case ["records", record_id, "edges"]:
                self._view(record_id, principal)
                return {"items": edges_of(record_id, self.records)}
            case ["records", record_id, "removal"]:
                self._view(record_id, principal)
                return {"removal": progress_of(self.records[record_id])}
            case ["removals"]:
                return {"items": progress_of_all([*self.records.values()], params["ids"])}
            case ["records", record_id, "extracts"]:
                self._view(record_id, principal)
                return extracts_of(record_id, self._visible(principal))
            case ["engagements", "suggested"]:
                return {"items": suggested(self._visible(principal))}
            case ["engagements", "overlaps"]:
                return {"items": overlapping(self._visible(principal))}
        raise NotFoundError

    async def command(
        self,
        service: str,
        method: str,
        path: str,
        body: bytes | Mapping[str, Any],
        principal: Principal,
        headers: Mapping[str, str],
    ) -> Answer:
        if isinstance(body, bytes):
            made = attached(self.records, path, body, str(principal.organisation))
            self.files[made] = body
            return Answer(201, {"id": made, "version": 1, "position": 1})
        key = headers.get("Idempotency-Key", "")
        if key in self.answered:
            return self.answered[key]
        self.sent.append((method, path, body, headers))
        done = self._done(path, body, principal)
        if done is not None:
            self.answered[key] = Answer(201, {"id": done, "version": 1, "position": 1})
            return self.answered[key]
        if service == "contacts":
            return Answer(200, carried_out(self.records, path, body, str(principal.organisation)))
        if "nowhere" in str(body.get("place")):
            raise invalid("/place/name", "unknown_place", "No place is called so.")
        made = an_id("engagement", 900 + len(self.sent) % 100)
        parts = path.strip("/").split("/")
        record_id = parts[1] if len(parts) > 1 and "_" in parts[1] else made
        if record_id == made:
            self.records[made] = self._planned(made, body, principal)
        elif len(parts) > 2:
            state = {
                "confirm": "confirmed",
                "hold": "held",
                "debrief": "debriefed",
                "cancel": "cancelled",
                "plan": "planned",
                "postpone": "postponed",
                "close": "closed",
                "approve": "approved",
                "link": str(self.records[record_id]["status"]),
            }
            self.records[record_id] = {
                **self.records[record_id],
                "status": state[parts[2]],
                **_texts(body),
            }
        return Answer(201, {"id": record_id, "version": 1, "position": 1})

    def _done(self, path: str, body: Mapping[str, Any], principal: Principal) -> str | None:
        """The record written, where one of the subjects knows what is asked."""
        return (
            dated(self.records, path, body)
            or removal_ordered(self.records, path, body, principal.subject)
            or released(self.records, path, body, principal.subject)
            or worked(self.records, path, body, str(principal.organisation))
        )

    async def file(self, service: str, path: str, principal: Principal) -> bytes:
        return self.files[path.split("/")[2]]

    def _planned(self, made: str, body: Mapping[str, Any], principal: Principal) -> Record:
        base = self.records[an_id("engagement", 1)]
        label = body.get("label") or base["labels"]["base"]
        return {
            **base,
            "id": made,
            "status": "planned",
            "title": body["purpose"],
            "owner": str(principal.organisation),
            "engagement_type": body["type"],
            "starts_at": body["starts_at"],
            "labels": base["labels"] | {"base": label},
            "updated_at": NOW.isoformat(),
            "extract_of": body.get("extract_of"),
        }

    def readable(self, record: Record, principal: Principal) -> set[str]:
        clearance = principal.clearance
        return {group for group, found in self._labels(record).items() if reads(clearance, found)}

    def _labels(self, record: Record) -> dict[str, Label]:
        """Worked out once as they are written: every page asks for those of all records."""
        written = orjson.dumps((record["owner"], record["labels"]))
        if written not in self.joined:
            owner = RecordId.parse(record["owner"])
            base = self._label(record["labels"]["base"], owner)
            labels = record["labels"].items()
            self.joined[written] = {g: join(base, self._label(w, owner)) for g, w in labels}
        return self.joined[written]

    def _label(self, wire: Mapping[str, Any], owner: RecordId) -> Label:
        return self.policy.label(WireLabel.model_validate(dict(wire)), owner)

    def _shown(self, record: Record, groups: set[str]) -> Record:
        view = {k: v for k, v in record.items() if k not in ("labels", "groups")}
        others = [group for group in record["labels"] if group != "base"]
        return view | {
            "label": record["labels"]["base"],
            "group_labels": {g: record["labels"][g] for g in others if g in groups},
            "withheld": [g for g in others if g not in groups],
            **{g: record["groups"].get(g) for g in others if g in groups},
        }

    def _visible(self, principal: Principal) -> list[Record]:
        found = [(each, self.readable(each, principal)) for each in self.records.values()]
        return [self._shown(each, groups) for each, groups in found if "base" in groups]

    def _view(self, record_id: str, principal: Principal) -> Record:
        record = self.records.get(record_id)
        groups = self.readable(record, principal) if record else set[str]()
        if record is None or "base" not in groups:
            raise NotFoundError
        return self._shown(record, groups)

    def _list(self, params: Mapping[str, str], principal: Principal) -> dict[str, Any]:
        if "party" in params:
            params = {**params, "party": goes_by(params["party"], self.records)}
        found = [view for view in self._visible(principal) if is_wanted(view, params)]
        key = params.get("sort", "-updated_at")
        found.sort(key=lambda v: _sort_value(v, key.lstrip("-")), reverse=key.startswith("-"))
        start = int(orjson.loads(params["after"])["at"]) if "after" in params else 0
        size = int(params.get("page_size", "50"))
        more = start + size < len(found)
        answer: dict[str, Any] = {
            "items": found[start : start + size],
            "next": {"at": start + size} if more else None,
        }
        return answer | ({"count": len(found)} if params.get("count") == "true" else {})

    def _summary(self, principal: Principal) -> dict[str, Any]:
        day = f"{NOW:%Y-%m-%d}"
        queries = {
            "engagements_today": {"kind": "engagement", "from": day, "to": day},
            "unconfirmed_soon": {"kind": "engagement", "status": "planned"},
            "debriefs_due": {"kind": "engagement", "status": "held"},
            "engagements_week": {"kind": "engagement", "from": day},
            "unplaced": {"kind": "engagement", "placed": "false"},
            "organisations": {"kind": "organisation"},
        }
        numbers = [
            {
                "key": key,
                "query": query,
                "count": sum(is_wanted(v, query) for v in self._visible(principal)),
            }
            for key, query in queries.items()
        ]
        latest = self._list(
            {"kind": "engagement", "sort": "-updated_at", "page_size": "8"}, principal
        )
        return {"numbers": numbers, "latest": latest["items"]}

    def _history(self, view: Record) -> dict[str, Any]:
        first = {
            "type": "engagement.planned.v1",
            "group": "base",
            "recorded_at": view["recorded_at"],
            "org": view["owner"],
            "label": view["label"],
        }
        changes = [{"field": "status", "before": "planned", "after": "confirmed"}]
        second = first | {"type": "engagement.confirmed.v1", "changes": changes}
        return {"items": [first, second]}

    def _map(self, params: Mapping[str, str], principal: Principal) -> dict[str, Any]:
        placed = [
            view
            for view in self._visible(principal)
            if view["kind"] == "engagement" and point_of(view)
        ]
        cell = 360 / 2 ** (float(params.get("zoom", "6")) + 2)
        groups: dict[tuple[int, int], list[Record]] = {}
        for view in placed:
            point = point_of(view)
            key = (math.floor(point["lat"] / cell), math.floor(point["lon"] / cell))
            groups.setdefault(key, []).append(view)
        return {
            "type": "FeatureCollection",
            "features": [_feature(found) for found in groups.values()],
        }


def _feature(found: list[Record]) -> dict[str, Any]:
    first = found[0]
    point = point_of(first)
    at = {"type": "Point", "coordinates": [point["lon"], point["lat"]]}
    if len(found) > 1:
        return {
            "type": "Feature",
            "geometry": at,
            "properties": {"cluster": True, "count": len(found)},
        }
    shown = {key: first[key] for key in ("id", "kind", "status", "title", "label")}
    return {"type": "Feature", "geometry": at, "properties": shown | {"precision": "settlement"}}


def _sort_value(view: Record, key: str) -> str:
    return view["title"]["text"] if key == "title" else str(view.get(key) or "")


def _texts(body: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("summary", "outcomes", "next_steps")
    return {key: body[key] for key in fields if body.get(key)}
