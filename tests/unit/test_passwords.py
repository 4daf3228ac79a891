"""What a password costs whoever guesses it, in a process that no test has made quick."""

import subprocess
import sys

from deploy.local.layout import ROOT

_HASH = "from services.gateway.access.passwords import hashed; print(hashed('kettle orbit'))"


def test_a_password_is_hashed_as_rfc_9106_asks_where_memory_is_low() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _HASH], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
