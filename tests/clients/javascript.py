"""The typed client of TypeScript, the reference verifier of JavaScript, and AsyncAPI's official schema."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # the official schema is of this draft

from services.gateway.webhooks.signing import new_pair, signed_headers
from shared.clock import utc_now

PACKAGES = (
    "openapi-typescript@7.13.0",
    "typescript@5.9.3",
    "standardwebhooks@1.1.1",
    "@asyncapi/specs@6.11.1",
)
STEP_SECONDS = 180
# A field with a default need not be sent.
OPTIONAL = ("--default-non-nullable", "false")
SMOKE = """import type { paths } from "./api";
declare const process: { env: Record<string, string> };
type Page = paths["/v1/organisations"]["get"]["responses"]["200"]["content"]["application/json"];
type Asked = paths["/v1/organisations"]["post"]["requestBody"]["content"]["application/json"];
const gateway = process.env.GATEWAY + "/v1/organisations";
const headers = {
  Authorization: `Bearer ${process.env.TOKEN}`,
  "Content-Type": "application/json",
  "Idempotency-Key": crypto.randomUUID(),
};
const asked: Asked = { name: "Typed in TypeScript", organisation_kind: "ngo" };
const made = await fetch(gateway, { method: "POST", headers, body: JSON.stringify(asked) });
if (made.status !== 201) throw new Error(await made.text());
const page: Page = await (await fetch(gateway + "?q=Typed", { headers })).json();
if (page.items.length < 1) throw new Error("not found again");
export {};
"""
VERIFY = """const { Webhook } = require("standardwebhooks");
const told = require("./message.json");
new Webhook(told.secret).verify(told.body, told.headers);
let refused = false;
try { new Webhook(told.secret).verify(told.body + " ", told.headers); } catch { refused = true; }
if (!refused) throw new Error("a changed body was accepted");
"""
SCHEMA = "node_modules/@asyncapi/specs/schemas/3.0.0.json"


def try_javascript(folder: Path, gateway: str, token: str, documents: dict[str, Any]) -> None:
    """Any: JSON. Raises CalledProcessError with what a step said, or a validation error."""
    (folder / "package.json").write_text("{}")
    _run(folder, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES)
    (folder / "openapi.json").write_text(json.dumps(documents["openapi"]))
    (folder / "smoke.ts").write_text(SMOKE)
    _run(folder, "npx", "openapi-typescript", "openapi.json", "-o", "api.ts", *OPTIONAL)
    options = "--strict --target es2022 --module es2022 --moduleResolution bundler --skipLibCheck"
    _run(folder, "npx", "tsc", *options.split(), "smoke.ts")
    (folder / "smoke.js").rename(folder / "smoke.mjs")
    _run(folder, "node", "smoke.mjs", GATEWAY=gateway, TOKEN=token)
    _verify(folder)
    Draft7Validator(json.loads((folder / SCHEMA).read_text())).validate(documents["asyncapi"])


def _verify(folder: Path) -> None:
    pair, body = new_pair(), b'{"type":"parley.webhook.ping","data":{}}'
    headers = signed_headers([pair], "message-1", int(utc_now().timestamp()), body)
    told = {"secret": pair.spelled_secret, "body": body.decode(), "headers": headers}
    (folder / "message.json").write_text(json.dumps(told))
    (folder / "verify.cjs").write_text(VERIFY)
    _run(folder, "node", "verify.cjs")


def _run(folder: Path, *command: str, **told: str) -> None:
    subprocess.run(  # noqa: S603 - our own commands
        command,
        cwd=folder,
        env={**os.environ, "no_proxy": "localhost", **told},
        check=True,
        capture_output=True,
        text=True,
        timeout=STEP_SECONDS,
    )
