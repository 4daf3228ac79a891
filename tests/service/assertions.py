"""What a client signs to prove itself, made as it should be, or changed in one thing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.gateway.access.assertions import TYPE
from shared.clock import utc_now
from shared.ids import new_bytes
from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World

WHY = {"reason": "Agreed with the integration team"}
MAKERS: Mapping[str, Any] = {  # Any: private keys of three kinds
    "EdDSA": Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "PS256": lambda: rsa.generate_private_key(65_537, 2_048),
}


@dataclass(frozen=True)
class Pair:
    """`algorithm`: what it signs by, as its public half is registered."""

    private: Any  # Any: as above
    algorithm: str

    @property
    def public_pem(self) -> str:
        public = self.private.public_key()
        told: bytes = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return told.decode()


def new_pair(algorithm: str = "EdDSA") -> Pair:
    return Pair(MAKERS[algorithm](), algorithm)


def claims_of(world: World, client_id: str, **changed: Any) -> dict[str, Any]:  # Any: JSON
    """`changed`: claims that are to differ; None leaves one out."""
    audience: str = world.app.state.gateway.tokens.issuer
    now = int(utc_now().timestamp())
    told: dict[str, Any] = {"iss": client_id, "sub": client_id, "aud": audience}
    told |= {"exp": now + 60, "iat": now, "jti": new_bytes(16).hex()}
    return {name: claim for name, claim in (told | changed).items() if claim is not None}


def signed(pair: Pair, claims: Mapping[str, Any], **header: Any) -> str:  # Any: JSON
    """Whatever is claimed, also what no library would sign."""
    told = json.dumps(dict(claims)).encode()
    return jwt.PyJWS().encode(told, pair.private, algorithm=pair.algorithm, headers=header)


def form_of(assertion: str, **more: str) -> dict[str, str]:
    told = {"grant_type": "client_credentials", "client_assertion_type": TYPE}
    return told | {"client_assertion": assertion} | more


async def asked(world: World, assertion: str, **more: str) -> tuple[int, dict[str, Any]]:
    """What the token endpoint answers."""
    async with world.http.post("/oauth/token", data=form_of(assertion, **more)) as answer:
        return answer.status, await answer.json(content_type=None)


async def ordered(
    world: World, client_id: str, verb: str, **body: Any
) -> dict[str, Any]:  # Any: JSON
    """By a security officer."""
    officer = await world.bearer("officer")
    _, told = await call(world, "GET", f"/v1/access/clients?q={client_id}", officer)
    path = f"/v1/access/clients/{told['items'][0]['id']}/{verb}"
    answer, done = await call(world, "POST", path, keyed(officer), WHY | body)
    assert answer.status == 200, done
    return dict(done)


async def registered(world: World, client_id: str, pair: Pair, **more: Any) -> str:
    """The key's id."""
    done = await ordered(world, client_id, "add_key", public_key=pair.public_pem, **more)
    return str(done["credential_id"])
