"""One trace id, given by a partner with his POST, is found at every station on the way."""

import secrets

import asyncpg
import orjson

from shared.bus import Address, open_bus
from tests.e2e.conftest import Everybody
from tests.stack.installation import Installation

READ = "select trace_id from {schema}.versions where record_id = $1"


async def test_one_trace_id_leads_from_the_post_to_the_read_model(
    everybody: Everybody, installation: Installation
) -> None:
    trace_id = secrets.token_hex(16)
    writer = everybody["liaison-officer"]
    status, answer, _ = await writer.call(
        "POST",
        "/v1/engagements",
        {
            "purpose": "Followed from end to end",
            "type": "routine_liaison",
            "starts_at": "2030-01-02T09:00:00Z",
        },
        headers={
            "Idempotency-Key": trace_id,
            "traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01",
        },
    )
    assert status == 201
    await writer.get(f"/v1/engagements/{answer['id']}")
    stored = await _stored(installation, answer["id"])
    assert [orjson.loads(meta)["traceparent"].split("-")[1] for _, meta in stored] == [trace_id]
    header = await _header(installation, stored[0][0])
    assert header.split("-")[1] == trace_id
    assert await _read_model(installation, answer["id"]) == [trace_id]


async def _stored(installation: Installation, record_id: str) -> list[tuple[int, bytes]]:
    connection = await asyncpg.connect(installation.databases.url("engagements", "app"))
    try:
        rows = await connection.fetch(
            "select position, meta from events where stream_id = $1", record_id
        )
    finally:
        await connection.close()
    return [(row["position"], row["meta"]) for row in rows]


async def _header(installation: Installation, position: int) -> str:
    state = installation.state
    address = Address(state.mission, state.site, "engagements")
    seed = installation.layout.secrets / "nats-engagements.seed"
    async with open_bus(installation.nats_url, seed, name="engagements") as client:
        message = await client.jetstream().get_msg(address.stream, seq=position)
    return str((message.headers or {})["traceparent"])


async def _read_model(installation: Installation, record_id: str) -> list[str]:
    connection = await asyncpg.connect(installation.databases.url("reporting_read", "projector"))
    try:
        active = await connection.fetchval("select active from generations")
        rows = await connection.fetch(READ.format(schema=f"g{active}"), record_id)
    finally:
        await connection.close()
    return [row["trace_id"] for row in rows]
