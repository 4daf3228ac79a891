"""A small provider of OpenID Connect, run as a process of its own: it lets in whom it is told to, at once.

python -m tests.service.oidc_provider PORT CLIENT_ID SECRET

`POST /lever` with JSON changes what it does next: `person` (claims about who is there), `claims` (of the
next ID tokens; null leaves one out), `signs` (by what), `answer` (more of its answer at the door), `forgets`
(which codes were used) and `down`.
"""

import base64
import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

PORT, CLIENT_ID, SECRET = sys.argv[1:4] if len(sys.argv) > 3 else ("0", "", "")
ISSUER = f"http://localhost:{PORT}"
Json = dict[str, Any]  # Any: JSON
PERSON: Json = {"sub": "person-1", "email": "ann@mission.example", "email_verified": True}


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2_048)


class Provider:
    """What it knows and does. `published`: keys by name, and the JWK of each."""

    def __init__(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.levers: Json = {}
        self.private: Json = {"first": rsa_key(), "curve": ec.generate_private_key(ec.SECP256R1())}
        self.unpublished = rsa_key()

    def keys(self) -> list[Json]:
        found = []
        for name, key in self.private.items():
            jose: Any = ECAlgorithm if name == "curve" else RSAAlgorithm  # Any: two classes
            jwk = jose.to_jwk(key.public_key(), as_dict=True)
            found.append(jwk | {"kid": name, "use": "sig"})
        return found

    def let_in(self, asked: dict[str, str]) -> str:
        """A code; the person is there and agrees."""
        code = uuid4().hex
        self.codes[code] = asked
        return code

    def token(self, form: dict[str, str]) -> Json:
        code = form.get("code", "")
        begun = self.codes.get(code, {})
        if not self.levers.get("forgets"):
            self.codes.pop(code, None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if begun.get("code_challenge") != challenge or begun.get("code_challenge_method") != "S256":
            return {"error": "invalid_grant"}
        if form.get("redirect_uri") != begun["redirect_uri"]:
            return {"error": "invalid_grant"}
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": self.signed(begun)}

    def signed(self, begun: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "auth_time": now}
        claims |= {"nonce": begun["nonce"], **PERSON, **self.levers.get("person", {})}
        claims |= self.levers.get("claims", {})
        claims = {name: claim for name, claim in claims.items() if claim is not None}
        signs = self.levers.get("signs", "RS256")
        if signs == "none":
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "first"})
        if signs == "HS256":
            return jwt.encode(claims, SECRET, algorithm="HS256", headers={"kid": "first"})
        if signs == "ES256":
            key: Any = self.private["curve"]
            return jwt.encode(claims, key, algorithm="ES256", headers={"kid": "curve"})
        if signs == "new":
            self.private.setdefault("new", rsa_key())
            return jwt.encode(
                claims, self.private["new"], algorithm="RS256", headers={"kid": "new"}
            )
        key = self.unpublished if signs == "unpublished" else self.private["first"]
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "first"})


class Handler(BaseHTTPRequestHandler):
    provider = Provider()

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, self._fields(urlsplit(self.path).query)
        if self.provider.levers.get("down"):
            self.send_error(503)
        elif path == "/.well-known/openid-configuration":
            self._tell(200, self._about())
        elif path == "/keys":
            self._tell(200, {"keys": self.provider.keys()})
        elif path == "/door" and query.get("client_id") == CLIENT_ID:
            self._answer_at_the_door(query)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if self.path == "/lever":
            self.provider.levers = json.loads(raw)
            self._tell(200, {})
        elif self.path == "/token" and self._is_known():
            told = self.provider.token(self._fields(raw))
            self._tell(400 if "error" in told else 200, told)
        else:
            self._tell(401, {"error": "invalid_client"})

    def log_message(self, *_: Any) -> None:  # Any: the library's own
        pass

    def _about(self) -> Json:
        about = {
            "issuer": ISSUER,
            "jwks_uri": f"{ISSUER}/keys",
            "token_endpoint": f"{ISSUER}/token",
        }
        about |= {"authorization_endpoint": f"{ISSUER}/door?tenant=mission"}
        return about | {"authorization_response_iss_parameter_supported": True}

    def _answer_at_the_door(self, query: dict[str, str]) -> None:
        answer = {"code": self.provider.let_in(query), "state": query["state"], "iss": ISSUER}
        answer |= self.provider.levers.get("answer", {})
        told = {name: value for name, value in answer.items() if value is not None}
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode(told)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_known(self) -> bool:
        known = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {known}"

    def _tell(self, status: int, told: Json) -> None:
        raw = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def _fields(self, told: str) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(told).items()}


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(PORT)), Handler)
    print("ready", flush=True)
    server.serve_forever()
