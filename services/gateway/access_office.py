"""What the pages ask of access administration, answered and carried out as the API does it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from services.gateway.access.administration import hatted
from services.gateway.access_api import finding, looking
from services.gateway.access_api.families import FAMILIES, Family
from services.gateway.access_api.filtering import SUSPENDED
from services.gateway.access_api.listing import Listing, Narrowed
from services.gateway.access_api.orders import Done, Ordering, Verb
from services.gateway.access_api.routes import NEVER
from services.gateway.partner_api import etags
from services.gateway.partner_api.bodies import body_of
from services.gateway.wiring import Gateway
from shared import trace
from shared.clock import utc_now
from shared.errors import ConflictError, NotFoundError, PreconditionError
from shared.idempotency import CommandRequest
from shared.ids import RecordId
from shared.principal import Principal

Json = dict[str, Any]  # Any: JSON
Asked = Mapping[str, Any]  # Any: JSON
PAGE_SIZE = 50
EXPIRING_DAYS = ("7", "30", "90")
BY_PLURAL: Mapping[str, Family] = {family.plural: family for family in FAMILIES}


@dataclass(frozen=True, slots=True)
class GatewayAccessOffice:
    gateway: Gateway

    async def found(
        self, principal: Principal, plural: str, filters: Mapping[str, str], cursor: str
    ) -> Json:
        listing = Listing(self.gateway, self._hat(principal).client, _family(plural))
        narrowed = Narrowed(_wanted(filters), filters)
        return await listing.page(narrowed, cursor, PAGE_SIZE, limits=True)

    async def one(self, principal: Principal, plural: str, record_id: str) -> Json:
        self._hat(principal)
        found = await finding.one(self.gateway.access, _family(plural), _id(plural, record_id))
        if found is None:
            raise NotFoundError
        version = found.pop("version")
        return found | {"version": self._version(record_id, version)}

    async def partner_names(self, principal: Principal) -> Json:
        self._hat(principal)
        return await finding.partner_names(self.gateway.access)

    async def history(self, principal: Principal, plural: str, record_id: str) -> Json:
        self._hat(principal)
        items = await looking.history(self.gateway.access, _id(plural, record_id))
        return {"items": items, "names": await finding.authors(self.gateway.access, items)}

    async def make(self, principal: Principal, plural: str, body: Asked, key: str) -> Json:
        family = _family(plural)
        command = self._command(principal, f"{plural}/new", body, key)
        made = self.gateway.access.new_id(family.kind, command)
        return await self._ordered(family.create, made, body, command)

    async def act(
        self, principal: Principal, place: tuple[str, str, str], body: Asked, key: str, seen: str
    ) -> Json:
        """`place`: family, id and verb. `seen`: the version the form was made from; empty: any."""
        plural, record_id, name = place
        verb = _family(plural).verbs.get(name)
        if verb is None:
            raise NotFoundError
        self._hat(principal)
        row = await looking.one(self.gateway.access, _family(plural), _id(plural, record_id))
        if row is None:
            raise NotFoundError
        expected = None
        if seen:
            same = seen == self._version(record_id, row["version"])
            expected = int(row["version"]) if same else NEVER
        command = self._command(principal, "/".join(place), body, key, expected)
        return await self._ordered(verb, _id(plural, record_id), body, command)

    async def _ordered(
        self, verb: Verb, record_id: RecordId, body: Asked, command: CommandRequest
    ) -> Json:
        asked = body_of(verb.model, orjson.dumps(body))
        mission = self.gateway.settings.mission
        try:
            done = await verb.order(
                Ordering(self.gateway.access, command, mission, record_id), asked
            )
        except ConflictError as refused:
            if command.expected_version is None:
                raise
            raise PreconditionError("It has changed since you read it; read it again.") from refused
        self.gateway.roll.forget()
        return _told(done)

    def _command(
        self, principal: Principal, route: str, body: Asked, key: str, expected: int | None = None
    ) -> CommandRequest:
        return CommandRequest(
            principal=self._hat(principal),
            idempotency_key=key,
            route=f"page access/{route}",
            digest=hashlib.sha256(orjson.dumps(body)).digest(),
            traceparent=str(trace.current() or trace.new_trace()),
            expected_version=expected,
        )

    def _hat(self, principal: Principal) -> Principal:
        return hatted(principal, self.gateway.policy, self.gateway.settings.mission)

    def _version(self, record_id: str, version: int) -> str:
        return etags.version_of(self.gateway.secret, record_id, version, ("base",))


def _told(done: Done) -> Json:
    told = {"id": str(done.outcome.id), "outcome": done.outcome.outcome}
    return told | ({"secret": done.secret.value} if done.secret else {})


def _family(plural: str) -> Family:
    if plural not in BY_PLURAL:
        raise NotFoundError
    return BY_PLURAL[plural]


def _id(plural: str, spelled: str) -> RecordId:
    try:
        record_id = RecordId.parse(spelled)
    except ValueError:
        raise NotFoundError from None
    if record_id.kind is not _family(plural).kind:
        raise NotFoundError
    return record_id


def _wanted(filters: Mapping[str, str]) -> finding.Wanted:
    days = filters.get("expiring", "")
    return finding.Wanted(
        words=filters.get("q", ""),
        level=filters.get("level", ""),
        suspended=SUSPENDED.get(filters.get("standing", "")),
        organisation=filters.get("organisation", ""),
        account=filters.get("account", ""),
        holds=tuple(filter(None, [filters.get("holds", "")])),
        ends_by=utc_now() + timedelta(days=int(days)) if days in EXPIRING_DAYS else None,
    )
