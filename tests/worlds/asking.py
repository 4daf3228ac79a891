"""One request, and its answer as it is compared: byte for byte, but for what is opaque by design."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from shared.sealed_tokens import Purpose, TokenBook
from tests.worlds.installed import World

# An access token holds for ten minutes, and a step is a second.
TOKEN_STEPS = 500
# Told by the clock of the machine, not of the world: the bucket of the caller's own requests fills by it.
UNCOMPARED = frozenset({"date", "ratelimit"})


def _sealed_lengths() -> dict[int, str]:
    """Sealed strings have one length per purpose: what tells them apart, and that they tell nothing."""
    book = TokenBook(bytes(32))
    return {len(book.seal(purpose, "", "")): str(purpose) for purpose in Purpose}


SEALED = _sealed_lengths()
TOKEN = re.compile(
    "(?<![A-Za-z0-9_-])(?:"
    + "|".join(f"[A-Za-z0-9_-]{{{length}}}" for length in sorted(SEALED, reverse=True))
    + ")(?![A-Za-z0-9_-])"
)
# A feed event's id is a keyed digest of the change's place: equal only when the worlds are.
EVENT_ID = re.compile(r'(?<="id":")[0-9a-f]{32}(?=")')
# A view's version is a keyed digest, too: over how often its record changed, also out of the reader's sight.
VERSION = re.compile(r'(?<="version":")[A-Za-z0-9_-]{24}(?=")|(?<=^")[A-Za-z0-9_-]{24}(?="$)')
PLACEHOLDER = re.compile(r"<[a-z]+ \d+>")


@dataclass(frozen=True)
class Request:
    """`told` names it in a failure. Placeholders such as `<page 3>` stand for what each world gave."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    page: bool = False
    feed: int = 0

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def __str__(self) -> str:
        body = "" if self.body is None else f" {json.dumps(self.body, ensure_ascii=False)}"
        return f"{self.method} {self.path}{body} {dict(self.headers)}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body.startswith(("{", "[")) else {}

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


@dataclass
class Opaque:
    """What one world's sealed strings are called, in order of first appearance."""

    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def name(self, value: str) -> str:
        if value not in self.names:
            told = f"<{SEALED.get(len(value), 'event')} {len(self.names)}>"
            self.names[value], self.values[told] = told, value
        return self.names[value]

    def hide(self, text: str) -> str:
        text = TOKEN.sub(lambda found: self.name(found[0]), text)
        text = EVENT_ID.sub(lambda found: self.name(found[0]), text)
        return VERSION.sub(lambda found: self.name(found[0]), text)

    def fill(self, text: str) -> str:
        return PLACEHOLDER.sub(lambda found: self.values.get(found[0], found[0]), text)


@dataclass
class Seat:
    """One caller in one world: his credentials and what he was given there.

    `in_person`: he asks the API, too, by the session of his browser.
    """

    world: World
    persona: str
    in_person: bool = False
    token: str = ""
    cookie: str = ""
    csrf: str = ""
    signed_in_at: int = -TOKEN_STEPS
    opaque: Opaque = field(default_factory=Opaque)

    @property
    def client(self) -> str:
        return f"client:{self.world.people[self.persona]['client_id']}"

    @property
    def account(self) -> str:
        return f"person:{self.world.people[self.persona]['id']}"

    async def sit_down(self, number: int, *, pages: bool) -> None:
        """Begin anew: nothing opaque was met, and the credentials hold for a while."""
        self.opaque = Opaque()
        await self.world.at(number, writing=False)
        if number - self.signed_in_at >= TOKEN_STEPS or (pages and not self.cookie):
            await self._sign_in(pages=pages and not self.cookie)
            self.signed_in_at = number

    async def _sign_in(self, *, pages: bool) -> None:
        line = self.world.people[self.persona]
        basic = aiohttp.encode_basic_auth(line["client_id"], line["client_secret"])
        form = {"grant_type": "client_credentials"}
        async with self.world.http.post(
            "/oauth/token", data=form, headers={"Authorization": basic}
        ) as answer:
            assert answer.status == 200, await answer.text()
            self.token = (await answer.json())["access_token"]
        if not pages:
            return
        form = {"username": line["username"], "password": line["password"]}
        async with self.world.http.post("/sign-in", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        async with self.world.http.get("/", headers={"Cookie": self.cookie}) as answer:
            found = re.search(r'name="csrf_token"[^>]*value="([0-9a-f]+)"', await answer.text())
            assert found, "no page was shown to whoever signed in"
            self.csrf = found[1]

    async def ask(self, request: Request, number: int) -> Answer:
        """Its answer with every opaque string named."""
        await self.world.at(number, writing=request.writes)
        answer = await self._asked(request, number)
        if request.writes:
            await self.world.settle(self.account if request.page else self.client)
        return answer

    async def _asked(self, request: Request, number: int) -> Answer:
        trace = self.world.moment.chance("trace").hex()
        headers = {
            "traceparent": f"00-{trace[:32]}-{trace[32:48]}-00",
            "Accept-Encoding": "identity",
            **{name: self.opaque.fill(value) for name, value in request.headers.items()},
        }
        if request.page or self.in_person:
            headers["Cookie"] = self.cookie
            headers["X-CSRF-Token"] = self.csrf
        else:
            headers["Authorization"] = f"Bearer {self.token}"
        async with self.world.http.request(
            request.method,
            self.opaque.fill(request.path),
            headers=headers,
            allow_redirects=False,
            **self._content(request),
        ) as answer:
            raw = await self._read(answer, request)
            kept = [
                (name.lower(), self._hidden(value))
                for name, value in answer.headers.items()
                if name.lower() not in UNCOMPARED
            ]
            return Answer(answer.status, tuple(sorted(kept)), self._hidden(raw))

    def _content(self, request: Request) -> dict[str, Any]:
        if request.page:
            form = {"csrf_token": self.csrf, **(request.body or {})}
            return {"data": form} if request.writes else {}
        if request.body is None:
            return {}
        return {"json": json.loads(self.opaque.fill(json.dumps(request.body)))}

    async def _read(self, answer: aiohttp.ClientResponse, request: Request) -> str:
        if not request.feed or answer.status != 200:
            return (await answer.read()).decode("utf-8", "surrogateescape")
        return await _events(answer, request.feed)

    def _hidden(self, text: str) -> str:
        return self.opaque.hide(text.replace(self.world.mission, "<mission>"))


async def _events(answer: aiohttp.ClientResponse, wanted: int) -> str:
    """The feed's first frames, as many events as its pull twin told of."""
    told, events = "", 0
    while events < wanted:
        raw = (await answer.content.readuntil(b"\n")).decode()
        told += raw
        events += raw.startswith("data:")
    return told
