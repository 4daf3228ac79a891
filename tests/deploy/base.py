"""A Debian base image made from the distribution's own archive, where no image registry is in reach."""

import shutil
import subprocess
from pathlib import Path

SUITE = "trixie"
MIRRORS = (
    f"deb http://deb.debian.org/debian {SUITE} main",
    f"deb http://deb.debian.org/debian {SUITE}-updates main",
    f"deb http://deb.debian.org/debian-security {SUITE}-security main",
)
CERTIFICATES = Path("/usr/local/share/ca-certificates")
BUILD_SECONDS = 600


def make_base(tag: str, scratch: Path) -> None:
    """`tag`: Debian 13, minimal, trusting whom this machine trusts. Needs root and mmdebstrap."""
    context = scratch / "base"
    context.mkdir()
    root = context / "root.tar"
    _run(
        ["mmdebstrap", "--variant=minbase", "--include=ca-certificates", SUITE, str(root), *MIRRORS]
    )
    (context / "trusted").mkdir()
    for certificate in CERTIFICATES.glob("*.crt"):
        shutil.copy(certificate, context / "trusted")
    (context / "pip.conf").write_text("[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n")
    (context / "Dockerfile").write_text(
        "FROM scratch\n"
        "ADD root.tar /\n"
        f"COPY trusted {CERTIFICATES}\n"
        "COPY pip.conf /etc/pip.conf\n"
        "RUN update-ca-certificates\n"
        'CMD ["bash"]\n'
    )
    _run(["docker", "build", "-t", tag, str(context)])


def _run(command: list[str]) -> None:
    subprocess.run(  # noqa: S603 - our own command
        command, check=True, capture_output=True, timeout=BUILD_SECONDS
    )
