"""The embedded PostgreSQL: made once, started on a loopback port, without a socket folder."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from deploy.local.binaries import postgres_program
from deploy.local.databases import url_for
from deploy.local.errors import LocalError
from deploy.local.layout import PRIVATE, Layout, write_private
from deploy.local.process import LAUNCH, Program
from deploy.local.secrets import passwords
from deploy.local.state import LOOPBACK
from deploy.local.unprivileged import Account, account_for

ADMIN = "parley_admin"
READY_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 0.05
CONNECT_SECONDS = 2.0
INIT_SECONDS = 120.0
CONNECTIONS = 200

CLOSE_OWN_DATABASES = """
revoke all on database postgres from public;
revoke all on database template1 from public;
"""

# No statement text and no key values in the log: both may hold content.
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": str(CONNECTIONS),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # What was removed must not stay in log segments kept for reuse.
    "wal_recycle": "off",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    layout: Layout
    port: int
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def data(self) -> Path:
        return self.layout.postgres / "data"

    @property
    def admin_url(self) -> str:
        secret = passwords(self.layout.secrets, [ADMIN])[ADMIN]
        return url_for(f"postgresql://{LOOPBACK}:{self.port}/", "postgres", ADMIN, secret)

    def program(self) -> Program:
        """Made first if it is not there. Raises LocalError when it cannot be made."""
        account = self._account()
        if not (self.data / "PG_VERSION").exists():
            self._make(account)
        options = SETTINGS | {"port": str(self.port)} | dict(self.extra)
        arguments = [str(postgres_program("postgres")), "-D", str(self.data)]
        for name, value in options.items():
            arguments += ["-c", f"{name}={value}"]
        return Program("postgres", tuple(arguments), {}, signal.SIGINT, account)

    async def until_ready(self) -> None:
        """Waits until it answers, its own databases closed to services. Raises TimeoutError."""
        async with asyncio.timeout(READY_SECONDS):
            while not await self._answers():
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.admin_url, timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        try:
            await connection.execute(CLOSE_OWN_DATABASES)
        finally:
            await connection.close()
        return True

    def _account(self) -> Account | None:
        self.layout.postgres.mkdir(exist_ok=True)
        return account_for([postgres_program("postgres").parent, self.layout.var])

    def _make(self, account: Account | None) -> None:
        """In a draft folder that is renamed when whole, so a kill leaves nothing half made."""
        draft = self.layout.postgres / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        password = self.layout.postgres / "password"
        write_private(password, passwords(self.layout.secrets, [ADMIN])[ADMIN])
        self.layout.postgres.chmod(PRIVATE)
        if account:
            os.chown(self.layout.postgres, account.uid, account.gid)
            os.chown(password, account.uid, account.gid)
        try:
            _initialise(draft, password, account)
        finally:
            password.unlink(missing_ok=True)
        draft.rename(self.data)


def _initialise(folder: Path, password: Path, account: Account | None) -> None:
    command = [str(postgres_program("initdb")), "-D", str(folder), "-U", ADMIN]
    command += ["-A", "scram-sha-256", "--pwfile", str(password), "--encoding", "UTF8"]
    command += ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    capability = "-" if account is None or account.capability is None else str(account.capability)
    told = [
        str(os.getpid()),
        str(int(signal.SIGTERM)),
        account.name if account else "-",
        capability,
    ]
    launched = [sys.executable, "-I", "-S", str(LAUNCH), *told, "--", *command]
    made = subprocess.run(  # noqa: S603 - our own command
        launched,
        cwd="/",
        env={"LANG": "C", "PATH": os.environ.get("PATH", "")},
        capture_output=True,
        text=True,
        timeout=INIT_SECONDS,
        check=False,
    )
    if made.returncode != 0:
        raise LocalError(f"PostgreSQL could not make its files: {made.stderr.strip()[-500:]}")
