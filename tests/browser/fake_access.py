"""Access administration of the stand-in gateway: rows in memory, requests checked by the API's own models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from services.gateway.access_api.families import FAMILIES
from shared.errors import ForbiddenError, NotFoundError, PreconditionError, RejectedError
from shared.principal import Principal
from shared.roles import administers
from shared.validation import invalid_fields
from tests.browser.fake_world import NOW, OURS, an_id

Json = dict[str, Any]  # Any: JSON
BY_PLURAL = {family.plural: family for family in FAMILIES}
RELIEF = an_id("organisation", 3)
PETER, AMINA, NEW, LEFT = (an_id("account", n) for n in (1, 2, 3, 4))
MAP, IDLE = an_id("client", 1), an_id("client", 2)
FORCE, RELIEF_PARTNER = an_id("partner", 1), an_id("partner", 2)
SECRET = "a-secret-of-the-stand-in"


def partner(record_id: str, organisation: str, name: str, level: str) -> Json:
    return {"id": record_id, "organisation_id": organisation, "name": name, "level": level,
            "suspended": False, "people": 2, "version": "v1"}  # fmt: skip


def person(record_id: str, username: str, name: str, home: Json, **more: Any) -> Json:
    return {
        "id": record_id, "account_id": f"user:{username}", "username": username, "display_name": name,
        "organisation_id": home["organisation_id"], "language": "en", "level": "confidential",
        "grants": [], "password_set_at": f"{NOW - timedelta(days=90):%Y-%m-%dT%H:%M:%SZ}",
        "identities": [], "passkeys": [], "has_password": True, "suspended": False, "partner_id": home["id"],
        "partner_name": home["name"], "partner_level": home["level"], "partner_suspended": False,
        "version": "v1",
    } | more  # fmt: skip


def grant(kind: str, name: str, days: int | None = None, why: str = "On the roster") -> Json:
    end = None if days is None else f"{NOW + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    return {"kind": kind, "name": name, "granted_by": "user:liaison-officer", "expires_at": end,
            "reason": why}  # fmt: skip


def client(record_id: str, name: str, of: Json, credentials: list[Json]) -> Json:
    return {
        "id": record_id, "client_id": record_id, "account_id": of["account_id"], "name": name,
        "level": "unclassified", "credentials": credentials, "suspended": False,
        "person_id": of["id"], "person_name": of["display_name"], "person_level": of["level"],
        "person_suspended": of["suspended"], "partner_name": of["partner_name"],
        "partner_level": of["partner_level"], "partner_suspended": False, "version": "v1",
    }  # fmt: skip


def rows() -> dict[str, dict[str, Json]]:
    force = partner(FORCE, OURS, "Liaison Section, Force Headquarters", "strictly_confidential")
    relief = partner(RELIEF_PARTNER, RELIEF, "Invented Relief", "unclassified")
    peter = person(PETER, "peter", "Peter Invented", relief, grants=[
        grant("role", "partner"), grant("community", "ngo"),
        grant("caveat", "PROTECTION", 6, "Family tracing until the rains"),
        grant("community", "mission", -3, "Joint assessment"),
    ])  # fmt: skip
    amina = person(AMINA, "amina", "Capt. Amina Fictional", force, account_id="user:liaison-officer",
                   grants=[grant("role", "access_administrator")])  # fmt: skip
    new = person(NEW, "nadia", "Nadia Invented", relief, has_password=False, password_set_at=None)
    left = person(LEFT, "luc", "Luc Imaginaire", force, suspended=True, language="fr")
    secret = {"kind": "secret", "id": "5f2c" * 8, "public_key": None, "ends_at": None}
    clients = (client(MAP, "Relief map", peter, [secret]), client(IDLE, "Old importer", left, []))
    return {
        "people": {one["id"]: one for one in (amina, left, new, peter)},
        "clients": {one["id"]: one for one in clients},
        "partners": {one["id"]: one for one in (relief, force)},
    }


@dataclass
class FakeAccess:
    """`asked`: what was ordered, as the API would be."""

    rows: dict[str, dict[str, Json]] = field(default_factory=rows)
    asked: list[Json] = field(default_factory=list)

    async def found(
        self, principal: Principal, plural: str, filters: Mapping[str, str], cursor: str
    ) -> Json:
        self._check(principal, plural)
        wanted = filters.get("q", "").lower()
        fitting = [one for one in self.rows[plural].values()
                   if wanted in f"{one.get('display_name')} {one.get('username')} {one.get('name')}".lower()
                   and filters.get("level", one["level"]) == one["level"]
                   and filters.get("account") in (None, one.get("account_id"))
                   and filters.get("organisation") in (None, one.get("organisation_id"))
                   and filters.get("standing") in (None, _standing(one))]  # fmt: skip
        return {"items": fitting, "count": len(fitting), "next_cursor": None}

    async def one(self, principal: Principal, plural: str, record_id: str) -> Json:
        self._check(principal, plural)
        if record_id not in self.rows[plural]:
            raise NotFoundError
        return dict(self.rows[plural][record_id])

    async def partner_names(self, principal: Principal) -> dict[str, str]:
        return {one["organisation_id"]: one["name"] for one in self.rows["partners"].values()}

    async def history(self, principal: Principal, plural: str, record_id: str) -> Json:
        self._check(principal, plural)
        at = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
        first = {"type": "account.enrolled.v1", "at": at, "by": "operator", "reason": "First roster",
                 "fields": {"username": "peter", "display_name": {"text": "Peter", "lang": "en"},
                            "organisation_id": RELIEF, "language": "en", "level": "public"}}  # fmt: skip
        raised = {"type": "account.cleared.v1", "at": at, "by": "user:liaison-officer",
                  "reason": "Vetted by the mission", "fields": {"level": "confidential"}}  # fmt: skip
        given = {"type": "account.granted.v1", "at": at, "by": "user:liaison-officer",
                 "reason": "Family tracing until the rains",
                 "fields": {"kind": "caveat", "name": "PROTECTION", "expires_at": at}}  # fmt: skip
        names = {"user:liaison-officer": "Capt. Amina Fictional"}
        return {"items": [given, raised, first], "names": names}

    async def make(
        self, principal: Principal, plural: str, body: Mapping[str, Any], key: str
    ) -> Json:
        self._check(principal, plural)
        _checked(BY_PLURAL[plural].create.model, body)
        if body.get("username") == "peter":
            raise RejectedError("Somebody else signs in by this name.", code="username_taken")
        self.asked.append({"path": f"{plural}/new", "body": dict(body)})
        return {"id": next(iter(self.rows[plural]))}

    async def act(
        self,
        principal: Principal,
        place: tuple[str, str, str],
        body: Mapping[str, Any],
        key: str,
        seen: str,
    ) -> Json:
        plural, record_id, verb = place
        row = self.rows[plural][record_id]
        self._check(principal, plural)
        _checked(BY_PLURAL[plural].verbs[verb].model, body)
        if seen and seen != row["version"]:
            raise PreconditionError("It has changed since you read it; read it again.")
        self.asked.append({"path": "/".join(place), "body": dict(body)})
        if verb in ("suspend", "reinstate"):
            row["suspended"] = verb == "suspend"
        told = {"id": record_id}
        return told | {"secret": SECRET} if verb in ("reset_password", "add_secret") else told

    def _check(self, principal: Principal, plural: str) -> None:
        if not administers(principal.roles):
            raise ForbiddenError("Access is administered by access administrators only.")
        if plural not in self.rows:
            raise NotFoundError


def _standing(row: Json) -> str:
    return "suspended" if row["suspended"] else "active"


def _checked(model: Any, body: Mapping[str, Any]) -> None:  # Any: a request's model
    try:
        model.model_validate(body)
    except ValidationError as wrong:
        findings = [{**each, "loc": ("body", *each["loc"])} for each in wrong.errors()]
        raise invalid_fields(findings, dict(body)) from wrong
