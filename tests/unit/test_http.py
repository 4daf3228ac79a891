"""How a service answers over HTTP: who is let in, what a wrong request is told, its health."""

import asyncio
import hashlib
import io
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, FastAPI
from yarl import URL

from shared.api.engagements import PlanEngagement
from shared.errors import RejectedError, invalid
from shared.http import Caller, create_service
from shared.http_commands import PathId, Writing
from shared.http_edge import BODY_LIMIT_BYTES, nesting_exceeds
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.principal_signing import HEADER, Signer, request_digest
from shared.settings import ServiceSettings

START_SECONDS = 10
OFFICER = Principal("user:1", RecordId.new(Kind.ORGANISATION), "client-1", language="fr")
PLAN: dict[str, Any] = {  # Any: JSON
    "purpose": "Cattle corridor talks",
    "type": "routine_liaison",
    "starts_at": "2030-01-02T09:00:00Z",
    "participants": [{"name": "Invented Person", "side": "counterpart"}],
}


def service_routes() -> APIRouter:
    router = APIRouter()

    @router.get("/who")
    async def who(caller: Caller) -> dict[str, str]:
        return {"subject": caller.subject, "language": caller.language}

    @router.get("/records/{record_id}")
    async def record(record_id: PathId, caller: Caller, page_size: int = 50) -> dict[str, str]:
        return {"id": str(record_id), "page_size": str(page_size)}

    @router.post("/engagements")
    async def plan(body: PlanEngagement, writing: Writing) -> dict[str, Any]:  # Any: JSON
        return {
            "route": writing.route,
            "key": writing.idempotency_key,
            "digest": writing.digest.hex(),
            "expected_version": writing.expected_version,
            "validate_only": writing.validate_only,
            "traceparent": writing.traceparent,
        }

    @router.get("/rejects")
    async def rejects(caller: Caller) -> None:
        raise RejectedError("This engagement is already held.")

    @router.get("/invalid")
    async def wrong(caller: Caller) -> None:
        raise invalid("/place/name", "ambiguous", "Several places are called that.")

    @router.get("/breaks")
    async def breaks(caller: Caller) -> None:
        raise LookupError("the secret name is Canary-7")

    return router


@dataclass(frozen=True)
class Service:
    """A running service and the gateway's key to call it with."""

    url: str
    http: aiohttp.ClientSession
    signer: Signer

    async def call(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> "Answered":
        signed = self.signer.sign(OFFICER, "engagements", request_digest(method, target, body))
        sent = {HEADER: signed, "Content-Type": "application/json"} | (headers or {})
        async with self.http.request(
            method, URL(self.url + target, encoded=True), data=io.BytesIO(body), headers=sent
        ) as response:
            return Answered(response.status, await response.read(), dict(response.headers))

    async def plan(self, body: object, **headers: str) -> "Answered":
        sent = {"Idempotency-Key": "k-1"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return await self.call("POST", "/engagements", orjson.dumps(body), sent)


@dataclass(frozen=True)
class Answered:
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:  # Any: JSON
        return orjson.loads(self.body)

    @property
    def wrong_fields(self) -> dict[str, str]:
        return {error["pointer"]: error["code"] for error in self.json["errors"]}


async def _works() -> None:
    return None


async def _fails() -> None:
    raise ConnectionError("no database at parley:secret@10.0.0.1")


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.fixture
def signer() -> Signer:
    return Signer(Ed25519PrivateKey.generate(), "demo")


@pytest.fixture
def settings(signer: Signer, tmp_path: Path) -> ServiceSettings:
    public = signer.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "gateway.ed25519.pub").write_bytes(public)
    return ServiceSettings(
        service="engagements",
        mission="demo",
        site="hq",
        port=1,
        keystore_url="",
        nats_url="",
        nats_seed_file=tmp_path / "seed",
        secrets_dir=tmp_path,
        policy_file=tmp_path / "mission.toml",
    )


@asynccontextmanager
async def serving(app: FastAPI, signer: Signer) -> AsyncIterator[Service]:
    """`app` on a real server, on a port of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, lifespan="on", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    port = listening.getsockname()[1]
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[listening]))
        try:
            async with aiohttp.ClientSession() as http:
                yield Service(f"http://127.0.0.1:{port}", http, signer)
        finally:
            server.should_exit = True


@pytest.fixture
async def service(settings: ServiceSettings, signer: Signer) -> AsyncIterator[Service]:
    app = create_service(settings, [service_routes()], _lifespan, {"database": _works})
    async with serving(app, signer) as running:
        yield running


async def test_a_signed_caller_is_let_in(service: Service) -> None:
    answer = await service.call("GET", "/who")

    assert answer.json == {"subject": "user:1", "language": "fr"}


async def test_nobody_else_is_let_in(service: Service) -> None:
    answer = await service.call("GET", "/who", headers={HEADER: "invented.header"})

    assert answer.status == 401
    assert answer.json["code"] == "unauthenticated"


async def test_the_signature_covers_an_encoded_path_and_query(service: Service) -> None:
    target = f"/records/{RecordId.new(Kind.ENGAGEMENT)}?page_size=20&q=a%20b%2Fc"

    answer = await service.call("GET", target)

    assert answer.status == 200


async def test_a_write_carries_its_headers_into_the_command(service: Service) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await service.plan(
        PLAN,
        Parley_Expected_Version="7",
        Parley_Validate_Only="true",
        traceparent=f"00-{trace_id}-00f067aa0ba902b7-01",
    )

    command = answer.json
    assert command["route"] == "POST /engagements"
    assert command["key"] == "k-1"
    assert command["digest"] == hashlib.sha256(orjson.dumps(PLAN)).hexdigest()
    assert command["expected_version"] == 7
    assert command["validate_only"] is True
    assert command["traceparent"].split("-")[1] == trace_id
    assert command["traceparent"].split("-")[2] != "00f067aa0ba902b7"


async def test_a_write_without_idempotency_key_is_malformed(service: Service) -> None:
    answer = await service.call("POST", "/engagements", orjson.dumps(PLAN))

    assert (answer.status, answer.json["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"purpos": "x"}, "/purpos", "unknown_field"),
        ({"starts_at": "2030-01-02T09:00:00"}, "/starts_at", "zone_required"),
        ({"ends_at": "2030-01-01T09:00:00Z"}, "/ends_at", "invalid"),
        ({"place": {"place_id": None, "name": None}}, "/place/place_id", "invalid"),
        ({"type": "party"}, "/type", "not_one_of"),
        ({"purpose": ""}, "/purpose", "too_short"),
        ({"purpose": {"text": "x"}}, "/purpose/lang", "required"),
        ({"purpose": "x" * 10_001}, "/purpose", "too_long"),
        ({"purpose": None}, "/purpose", "wrong_type"),
        ({"participants": [{"side": "ours"}]}, "/participants/0", "invalid"),
        ({"participants": [{"side": "ours", "nam": "x"}]}, "/participants/0/nam", "unknown_field"),
        ({"label": {"level": "confidential", "to": []}}, "/label/to", "unknown_field"),
        ({"group_labels": {"no_such": {}}}, "/group_labels/no_such", "unknown_field"),
    ],
)
async def test_a_wrong_field_is_named(
    service: Service, change: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await service.plan(PLAN | change)

    assert answer.status == 422
    assert answer.wrong_fields[pointer] == code


async def test_a_problem_has_the_whole_shape(service: Service) -> None:
    answer = await service.plan(
        PLAN | {"a/b": 1}, traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    )

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json == {
        "type": "urn:parley:problem:invalid",
        "title": "Some fields are not right",
        "status": 422,
        "detail": "Some fields are not right; nothing was changed.",
        "instance": "/engagements",
        "code": "invalid",
        "request_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "errors": [
            {
                "pointer": "/a~1b",
                "code": "unknown_field",
                "detail": "There is no such field, or it may not be set by you.",
            }
        ],
    }


async def test_our_own_errors_keep_their_code_and_field(service: Service) -> None:
    answer = await service.call("GET", "/invalid")

    assert (answer.status, answer.wrong_fields) == (422, {"/place/name": "ambiguous"})


async def test_a_rule_that_says_no_is_a_conflict(service: Service) -> None:
    answer = await service.call("GET", "/rejects")

    assert (answer.status, answer.json["detail"]) == (409, "This engagement is already held.")


async def test_an_impossible_id_and_an_unknown_path_are_both_not_found(service: Service) -> None:
    impossible = await service.call("GET", "/records/engagement_nonsense")
    unknown = await service.call("GET", "/no/such/path")

    assert impossible.status == unknown.status == 404
    assert impossible.json["detail"] == unknown.json["detail"]


async def test_a_wrong_query_parameter_is_named(service: Service) -> None:
    answer = await service.call("GET", f"/records/{RecordId.new(Kind.ENGAGEMENT)}?page_size=many")

    assert list(answer.wrong_fields) == ["?page_size"]


async def test_a_fault_of_ours_is_a_500_that_tells_nothing(
    service: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = await service.call("GET", "/breaks")

    assert (answer.status, answer.json["code"]) == (500, "internal")
    assert b"Canary-7" not in answer.body


async def test_a_body_that_is_not_json_is_malformed(service: Service) -> None:
    answer = await service.call("POST", "/engagements", b"{", {"Idempotency-Key": "k-1"})

    assert (answer.status, answer.json["code"]) == (400, "malformed")


async def test_a_body_over_the_limit_is_too_large(service: Service) -> None:
    answer = await service.call("POST", "/engagements", b" " * (BODY_LIMIT_BYTES + 1))

    assert (answer.status, answer.json["code"]) == (413, "too_large")


async def test_a_body_nested_too_deep_is_malformed(service: Service) -> None:
    answer = await service.call("POST", "/engagements", b"[" * 33 + b"]" * 33)

    assert (answer.status, answer.json["code"]) == (400, "malformed")


def test_brackets_inside_text_are_not_depth() -> None:
    body = orjson.dumps({"purpose": '[{"' * 100, "next": "\\"})

    assert not nesting_exceeds(body, 32)


async def test_a_method_nobody_offers_is_405(service: Service) -> None:
    answer = await service.call("DELETE", "/who")

    assert (answer.status, answer.json["code"]) == (405, "method_not_allowed")


async def test_a_service_whose_checks_pass_is_ready(service: Service) -> None:
    answer = await service.call("GET", "/health/ready")

    assert answer.json == {"status": "ready", "checks": {"database": "ok"}}


async def test_a_service_with_a_failing_check_lives_but_is_not_ready(
    settings: ServiceSettings, signer: Signer
) -> None:
    app = create_service(settings, [], _lifespan, {"database": _fails, "bus": _works})
    async with serving(app, signer) as service:
        live = await service.call("GET", "/health/live")
        ready = await service.call("GET", "/health/ready")

    assert live.status == 200
    assert ready.status == 503
    assert ready.json["checks"] == {"database": "failing", "bus": "ok"}
