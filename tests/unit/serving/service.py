"""A small service on a real server, and the gateway's way to call it."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
import uvicorn
from fastapi import APIRouter, FastAPI
from yarl import URL

from shared.api.engagements import PlanEngagement
from shared.errors import RejectedError, invalid
from shared.http import Caller
from shared.http_commands import PathId, Writing
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.principal_signing import HEADER, Signer, request_digest

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

    @router.get("/meets-an-outage")
    async def outage(caller: Caller) -> None:
        raise ConnectionRefusedError("nobody listens at Canary-7")

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


async def works() -> None:
    return None


async def fails() -> None:
    raise ConnectionError("no database at parley:secret@10.0.0.1")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


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
