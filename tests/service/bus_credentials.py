"""A NATS server with the real users, and one connection of each that notes what it was refused."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.nkey import load_user

MISSION, SITE = "credentials", "hq"
SERVICES = ("contacts", "engagements", "reporting", "gateway")
CONNECT_SECONDS = 10
REFUSAL_SECONDS = 20
LOOK_AGAIN_SECONDS = 0.01
# A subject nobody may use.
LAST = "the.last.of.all"
# Where a subject is allowed and taken by a stream, this keeps the stream from storing anything.
NEVER_STORED = {"Nats-Expected-Last-Sequence": "999999999"}
REFUSED = re.compile(
    r'permissions violation for (?:publish|subscription) to "([^"]+)"', re.IGNORECASE
)


def stream(service: str) -> str:
    return f"parley-{MISSION}-{SITE}-{service}"


@dataclass(frozen=True)
class Credential:
    """One service's connection. `refused` holds the subjects the server said no to."""

    client: Client
    refused: set[str] = field(default_factory=set)

    async def refused_to_publish(self, subjects: Iterable[str]) -> set[str]:
        for subject in subjects:
            await self.client.publish(subject, b"{}", headers=NEVER_STORED)
        return await self._all_refusals()

    async def refused_to_subscribe(self, subjects: Iterable[str]) -> set[str]:
        for subject in subjects:
            await self.client.subscribe(subject)
        return await self._all_refusals()

    async def _all_refusals(self) -> set[str]:
        """The server answers in order: once it has refused this last one, no refusal is on its way."""
        await self.client.publish(LAST, b"{}")
        async with asyncio.timeout(REFUSAL_SECONDS):
            while LAST not in self.refused:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return self.refused - {LAST}


@asynccontextmanager
async def signed_in(url: str, seed_file: Path) -> AsyncIterator[Credential]:
    user = load_user(seed_file)
    credential = Credential(Client())

    async def note(error: Exception) -> None:
        credential.refused.update(REFUSED.findall(str(error)))

    credential.client._public_nkey = user.public_key  # as shared/bus.py does
    await credential.client.connect(
        url,
        signature_cb=user.sign,
        error_cb=note,
        connect_timeout=CONNECT_SECONDS,
        allow_reconnect=False,
    )
    try:
        yield credential
    finally:
        await credential.client.close()


async def refused_to_connect(url: str) -> bool:
    """Whether the server turns away a client without a key."""
    client = Client()

    async def ignore(_: Exception) -> None:
        """What it is told comes as an exception too."""

    try:
        await client.connect(url, error_cb=ignore, allow_reconnect=False)
    except NatsError:
        return True
    finally:
        await client.close()
    return False


def lowered(subjects: Iterable[str]) -> set[str]:
    """As the client library spells the server's refusals."""
    return {subject.lower() for subject in subjects}


def every_subject_to_publish() -> set[str]:
    """Whatever a service might try, on its own streams, on others' and on the server itself."""
    subjects = {
        *(f"parley.{MISSION}.{SITE}.{name}.engagement.planned.v1" for name in SERVICES),
        *(f"parley.{MISSION}.{SITE}.wake.{name}" for name in SERVICES),
        *(f"parley.other.{SITE}.{name}.engagement.planned.v1" for name in SERVICES),
        *(f"_INBOX_{name}.token" for name in SERVICES),
        *(f"$JS.API.{verb}" for verb in ("INFO", "STREAM.NAMES", "STREAM.LIST")),
        *("_INBOX.token", "$SYS.REQ.SERVER.PING", "$JS.API.SERVER.REMOVE", "anything.else"),
    }
    for name in SERVICES:
        objects = f"{stream(name)}-objects"
        subjects |= {f"$JS.API.STREAM.{verb}.{objects}" for verb in STREAM_VERBS}
        subjects |= {f"$JS.API.CONSUMER.{verb}.{objects}.one" for verb in CONSUMER_VERBS}
        subjects.add(f"{objects}.name.0")
        subjects |= {f"$JS.API.STREAM.{verb}.{stream(name)}" for verb in STREAM_VERBS}
        subjects |= {f"$JS.API.CONSUMER.{verb}.{stream(name)}.one" for verb in CONSUMER_VERBS}
        subjects |= {f"$JS.API.CONSUMER.{verb}.{stream(name)}" for verb in ("NAMES", "LIST")}
        subjects.add(f"$JS.ACK.{stream(name)}.one.1.1.1.1.1")
    return subjects


STREAM_VERBS = (
    *("CREATE", "INFO", "UPDATE", "DELETE", "PURGE", "SNAPSHOT", "RESTORE"),
    *("MSG.GET", "MSG.DELETE", "PEER.REMOVE", "LEADER.STEPDOWN"),
)
CONSUMER_VERBS = (
    *("CREATE", "DURABLE.CREATE", "INFO", "DELETE", "PAUSE"),
    *("MSG.NEXT", "LEADER.STEPDOWN", "UNPIN", "RESET"),
)
EVERY_SUBJECT_TO_SUBSCRIBE = {
    *(">", "*.>", "parley.>", "_INBOX.>", "$JS.>", "$JS.API.>", "$JS.EVENT.>", "$SYS.>"),
    *(f"parley.{MISSION}.{SITE}.{name}.>" for name in SERVICES),
    *(f"parley.{MISSION}.{SITE}.wake.{name}" for name in SERVICES),
    *(f"_INBOX_{name}.>" for name in SERVICES),
}
